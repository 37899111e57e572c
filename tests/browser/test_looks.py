"""How the page looks and reads: phone and laptop, light and dark, for the eye and for a screen reader.

Pictures go to tests/browser/screenshots for people to look at.
"""

import re
from typing import Any, Literal, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.lab import LARGEST, open_lab

Scheme = Literal["light", "dark"]
PHONE: ViewportSize = {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}


def violations(page: Page) -> list[str]:
    results: Any = Axe().run(page)  # pyright: ignore[reportUnknownMemberType]
    found = cast(list[dict[str, Any]], results.response["violations"])
    return [
        f"{item['id']}: {node['target']} {node.get('failureSummary', '')}"
        for item in found
        if item["impact"] in SERIOUS
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_idle_and_training_on_a_laptop(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    lab = open_lab(page, "data.kind=spiral&data.features=x1,x2,sin(x1),sin(x2)&training.optimizer.kind=adam")
    expect(page.locator(".legend li")).to_have_count(2)
    lab.shoot(f"idle-{scheme}")
    assert violations(page) == []
    lab.play()
    lab.wait_for_epoch(60)
    lab.shoot(f"training-{scheme}")
    lab.pause()
    assert violations(page) == []
    page.get_by_role("button", name="Settings of the optimiser").click()
    lab.shoot(f"popover-{scheme}")
    assert violations(page) == []
    assert lab.noise == []


def test_the_largest_network_of_the_reference(page: Page) -> None:
    lab = open_lab(page, LARGEST)
    lab.play()
    lab.wait_for_epoch(30)
    lab.shoot("largest")
    assert page.evaluate("document.documentElement.scrollHeight") == 800
    assert page.locator(".neuron").count() == 10 + 48
    assert lab.noise == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("classes", "data.kind=blobs&data.classes=6"),
        ("regression", "data.kind=multi_gaussian"),
        ("real", "data.kind=wine&data.scaling=standard"),
    ],
)
def test_other_tasks(page: Page, name: str, query: str) -> None:
    lab = open_lab(page, query)
    page.locator("#show-test").check()
    lab.play()
    lab.wait_for_epoch(40)
    lab.shoot(name)
    assert lab.noise == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_reachable_on_a_phone(browser: Browser, base_url: str, scheme: Scheme) -> None:
    context = browser.new_context(
        base_url=base_url, viewport=PHONE, color_scheme=scheme, has_touch=True, device_scale_factor=2
    )
    page = context.new_page()
    lab = open_lab(page)
    page.locator("#play").tap()
    lab.wait_for_epoch(30)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.locator(".feature", has_text="x₁²").tap()
    lab.expect_setting("data.features", ["x1", "x2", "x1^2"])
    lab.choose("training.optimizer.kind", "adam")
    lab.expect_setting("training.optimizer.kind", "adam")
    page.get_by_role("button", name="Add a hidden layer").tap()
    expect(page.locator(".layer")).to_have_count(3)
    lab.wait_for_epoch(20)
    lab.shoot(f"phone-{scheme}", full_page=True)
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("address", ["/api/v1/docs", "/nowhere", "/?data.kind=cube"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_other_pages_are_for_everybody_too(page: Page, scheme: Scheme, address: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    expect(page.locator("h1").first).to_be_attached()
    assert violations(page) == []


def test_the_theme_is_switched_and_remembered(page: Page) -> None:
    lab = open_lab(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Appearance").click()
    page.get_by_label("Dark", exact=True).check(force=True)
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    lab.status("created")
    assert page.evaluate(ground) == dark


def test_the_keyboard_reaches_every_control(page: Page) -> None:
    open_lab(page)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input:not([type=hidden]), a[href]")]
          .filter((element) => element.checkVisibility() && !element.disabled && element.type !== "radio")
          .map((element) => element.id || element.getAttribute("popovertarget") || element.textContent.trim())"""
    )
    reached: set[str] = set()
    for _ in range(len(wanted) + 10):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => {
                  const element = document.activeElement;
                  return element.id || element.getAttribute("popovertarget") || element.textContent.trim();
                }"""
            )
        )
    assert set(wanted) <= reached


def test_progress_is_told_in_words(page: Page) -> None:
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(5)
    expect(page.locator("[data-announcement]")).to_contain_text("training loss")
    expect(page.locator(".plot-map")).to_have_attribute("aria-label", re.compile(r"Training \d"))
