"""A visitor goes back to where a run has been, by pointer, keyboard and touch, and begins another run there."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.lab import Lab, open_lab
from tests.browser.test_looks import PHONE, Scheme, violations


def trained(page: Page, epochs: int, query: str = "") -> Lab:
    lab = open_lab(page, query)
    lab.command(type="step", unit="epoch", count=epochs)
    expect(page.locator("#epoch")).to_have_text(str(epochs))
    return lab


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Time line")


def words(page: Page) -> Locator:
    return page.locator("#time-line-words")


def test_the_slider_goes_back_and_forth(page: Page) -> None:
    lab = trained(page, 100)
    expect(slider(page)).to_have_value("100")
    expect(words(page)).to_have_text("Where the run is now")
    loss = lab.loss()
    slider(page).fill("20")
    expect(page.locator("#epoch")).to_have_text("20")
    expect(words(page)).to_have_text("Looking back: epoch 20 of 100")
    expect(page.locator(".status-title")).to_have_text("Looking back")
    expect(page.locator("td[data-part=train][data-metric=loss]")).not_to_have_text(str(loss))
    assert lab.loss() > loss
    assert lab.run()["step"] == 20 * 25
    slider(page).fill("100")
    expect(words(page)).to_have_text("Where the run is now")
    assert lab.loss() == loss
    assert lab.noise == []


def test_keys_go_from_epoch_to_epoch(page: Page) -> None:
    lab = trained(page, 9)
    slider(page).focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#epoch")).to_have_text("5")
    expect(slider(page)).to_have_attribute("aria-valuetext", "epoch 5 of 9")
    expect(slider(page)).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#epoch")).to_have_text("0")
    assert lab.noise == []


def test_the_epoch_is_told_while_it_is_dragged(page: Page) -> None:
    lab = trained(page, 50)
    box = slider(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    expect(words(page)).to_have_text(re.compile(r"^Looking back: epoch 2[456] of 50$"))
    assert lab.run()["epoch"] == 50
    page.mouse.up()
    expect(page.locator("#epoch")).to_have_text(re.compile("^2[456]$"))


def test_going_back_is_undone(page: Page) -> None:
    lab = trained(page, 30)
    slider(page).fill("3")
    expect(page.locator("#epoch")).to_have_text("3")
    page.get_by_role("button", name="Undo: time line").click()
    expect(page.locator("#epoch")).to_have_text("30")
    expect(words(page)).to_have_text("Where the run is now")
    assert lab.noise == []


def test_controls_show_the_experiment_of_that_time_and_follow_when_it_is_played_again(page: Page) -> None:
    lab = trained(page, 10)
    lab.choose("training.optimizer.learning_rate", "0.3")
    lab.expect_setting("training.optimizer.learning_rate", 0.3)
    lab.command(type="step", unit="epoch", count=10)
    expect(slider(page)).to_have_value("20")
    slider(page).fill("5")
    expect(lab.control("training.optimizer.learning_rate")).to_have_value("0.03")
    lab.play()
    expect(lab.control("training.optimizer.learning_rate")).to_have_value("0.3")
    lab.pause()


def test_a_branch_begins_here_and_the_run_stays_as_it_was(page: Page) -> None:
    lab = trained(page, 40)
    before = lab.run()
    slider(page).fill("15")
    expect(page.locator("#epoch")).to_have_text("15")
    page.get_by_role("button", name="Branch from here").click()
    expect(page.locator("#lab")).not_to_have_attribute("data-run", before["id"])
    expect(page.locator("#epoch")).to_have_text("15")
    expect(words(page)).to_have_text("Where the run is now")
    after = page.request.get(f"/api/v1/runs/{before['id']}").json()
    assert (after["passed"], after["epoch"]) == (40, 15)
    assert lab.noise == []


def test_the_slider_follows_the_training(page: Page) -> None:
    lab = open_lab(page)
    expect(slider(page)).to_be_disabled()
    lab.play()
    lab.wait_for_epoch(20)
    lab.pause()
    expect(slider(page)).to_have_value(str(lab.epoch()))
    expect(slider(page)).to_have_attribute("max", str(lab.epoch()))
    assert page.evaluate("document.querySelector('.timeline-ticks path').getAttribute('d')").count("M") > 10


def test_it_can_be_left_out(page: Page) -> None:
    open_lab(page, "view.hide=time_line")
    expect(slider(page)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight") == 800


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_how_it_looks(browser: Browser, base_url: str, scheme: Scheme, *, phone: bool) -> None:
    viewport: ViewportSize = PHONE if phone else {"width": 1280, "height": 800}
    context = browser.new_context(base_url=base_url, viewport=viewport, color_scheme=scheme, has_touch=phone)
    page = context.new_page()
    lab = trained(page, 100)
    if phone:
        slider(page).tap()
    else:
        slider(page).fill("50")
    expect(words(page)).to_have_text(re.compile(r"^Looking back: epoch \d+ of 100$"))
    expect(page.locator(".status-title")).to_have_text("Looking back")
    lab.shoot(f"timeline-{'phone' if phone else 'laptop'}-{scheme}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert lab.noise == []
    context.close()
