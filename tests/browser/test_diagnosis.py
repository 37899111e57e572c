"""What stands out is told beside the status, on a phone too, and put right by one click that can be undone."""

from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.lab import open_lab
from tests.browser.test_looks import PHONE, violations

TOO_FAST = "data.kind=plane&training.optimizer.learning_rate=10"
TWINS = "data.kind=xor&network.layers.0.units=4&network.init.kind=zeros"


def test_a_run_that_diverged_is_repaired_by_one_click(page: Page) -> None:
    lab = open_lab(page, TOO_FAST)
    button = page.locator("#diagnosis-button")
    expect(button).to_have_attribute("aria-label", "Diagnosis: nothing stands out")
    page.locator("#play").click()
    lab.status("diverged")
    expect(button).to_have_attribute("aria-label", "Diagnosis: 1 finding")
    expect(page.locator("[data-news]")).to_have_text("Diagnosis: Training blew up.")
    button.click()
    lab.shoot("diagnosis")
    page.get_by_role("button", name="Set the learning rate to 0.03 and start again").click()
    lab.expect_setting("training.optimizer.learning_rate", 0.03)
    expect(page.locator("#diagnosis-panel")).to_contain_text("Nothing stands out.")
    assert lab.run()["undo"] == "repair"
    page.keyboard.press("Escape")
    page.locator("#undo").click()
    lab.status("diverged")
    expect(button).to_have_attribute("aria-label", "Diagnosis: 1 finding")
    assert lab.noise == []


def test_the_keyboard_reaches_the_repair(page: Page) -> None:
    lab = open_lab(page, TWINS)
    button = page.locator("#diagnosis-button")
    expect(button).to_have_text("1")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start again with random weights")).to_be_focused()
    page.keyboard.press("Enter")
    lab.expect_setting("network.init.kind", "uniform")
    expect(button).to_have_attribute("aria-label", "Diagnosis: nothing stands out")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_it_is_for_everybody(page: Page, scheme: Literal["light", "dark"], size: Literal["phone", "laptop"]) -> None:
    viewport: ViewportSize = PHONE if size == "phone" else {"width": 1280, "height": 800}
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    lab = open_lab(page, TWINS)
    expect(page.locator("#diagnosis-button")).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    lab.shoot(f"diagnosis-closed-{size}-{scheme}")
    page.locator("#diagnosis-button").click()
    expect(page.get_by_role("heading", name="All neurons are twins")).to_be_visible()
    lab.shoot(f"diagnosis-{size}-{scheme}")
    assert violations(page) == []


def test_a_teacher_can_leave_it_out(page: Page) -> None:
    open_lab(page, "view.hide=diagnosis")
    expect(page.locator("#diagnosis")).to_have_count(0)
