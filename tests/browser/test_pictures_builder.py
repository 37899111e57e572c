"""Building a network for pictures: by dragging and by keyboard, with layers that do not fit, on one's own pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image
from playwright.sync_api import Page, expect

PICTURES = "/?family=cnn"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
PHONE = {"width": 390, "height": 844}

PIXELS = """image => {
  const context = new OffscreenCanvas(48, 48).getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, 48, 48).data];
}"""


@pytest.fixture
def lab(page: Page) -> Page:
    page.goto(PICTURES)
    expect(page.locator(".stack-place")).to_have_count(6)
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".stack-place .stack-title").all_inner_texts()


def test_a_network_is_built_and_trains(lab: Page) -> None:
    lab.locator("#add-1").click()
    lab.locator("[data-add=dropout]").click()
    expect(lab.locator(".stack-title").nth(2)).to_have_text("Dropout")
    lab.locator("#open-stack-0").click()
    lab.locator("#f-network-layers-0-filters").fill("4")
    lab.locator("#f-network-layers-0-filters").press("Tab")
    expect(lab.locator("#stack-0 .stack-shape")).to_have_text("4 × 8 × 8")
    lab.keyboard.press("Escape")
    lab.locator("#play").click()
    expect(lab.locator("#epoch")).not_to_have_text("0", timeout=60_000)
    assert "network.layers.1.kind=dropout" in lab.url


def drag_first_behind_second(page: Page) -> None:
    first, second = (page.locator(f"#stack-{index} .stack-card").bounding_box() for index in (0, 1))
    assert first
    assert second
    page.mouse.move(first["x"] + 50, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(second["x"] + 80, second["y"] + 20, steps=8)
    page.mouse.up()


def test_a_layer_is_dragged_to_another_place(lab: Page) -> None:
    drag_first_behind_second(lab)
    expect(lab.locator("#stack-0 .stack-title")).to_have_text("Max pooling")
    assert titles(lab)[:3] == ["Max pooling", "Convolution", "Convolution"]
    lab.locator("#undo").click()
    expect(lab.locator("#stack-0 .stack-title")).to_have_text("Convolution")


def test_layers_that_a_teacher_has_fixed_stay_but_can_be_set(page: Page) -> None:
    page.goto(f"{PICTURES}&view.hide=layers")
    expect(page.locator(".stack-place")).to_have_count(6)
    before = titles(page)
    drag_first_behind_second(page)
    page.locator("#open-stack-0").focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#f-network-layers-0-filters").fill("4")
    page.locator("#f-network-layers-0-filters").press("Tab")
    expect(page.locator("#stack-0 .stack-shape")).to_have_text("4 × 8 × 8")
    assert titles(page) == before
    for control in (".stack-grip", "[data-add]", "[data-move]", "#remove-stack-0"):
        expect(page.locator(control)).to_have_count(0)


def test_what_does_not_fit_stays_until_it_is_undone(lab: Page) -> None:
    lab.locator("#open-stack-4").focus()
    lab.keyboard.press("Alt+ArrowUp")
    expect(lab.locator("#stack-news")).to_have_text("Flatten is now layer 4 of 6.")
    expect(lab.locator("#broken-4")).to_contain_text("Layer 5, Max pooling")
    expect(lab.locator("#open-stack-3")).to_be_focused()
    lab.locator("#f-training-batch_size").fill("16")
    lab.locator("#f-training-batch_size").press("Tab")
    expect(lab.locator("#broken-4")).to_be_visible()
    lab.locator("#drop-draft").click()
    expect(lab.locator("#broken-4")).to_have_count(0)
    assert titles(lab)[4] == "Flatten"


def test_pictures_of_ones_own_are_learnt_from(lab: Page, tmp_path: Path) -> None:
    for name, colour in (("red", (220, 40, 40)), ("blue", (40, 40, 220))):
        (tmp_path / name).mkdir()
        for index in range(12):
            Image.new("RGB", (40, 30), tuple(part + index for part in colour)).save(tmp_path / name / f"{index}.png")
    lab.locator("[data-dialog=own-pictures]").click()
    lab.locator("#own-folder").set_input_files(tmp_path)
    expect(lab.locator(".tray-picture")).to_have_count(24)
    lab.locator("[data-act=send]").click()
    expect(lab.locator(".kind-own")).to_have_attribute("aria-pressed", "true", timeout=15_000)
    expect(lab.locator("#stack-0 .stack-shape")).to_have_text("6 × 24 × 24")
    expect(lab.locator(".balance-bars tbody tr")).to_have_count(2)


def test_pictures_are_drawn_by_pointer_and_by_keys(lab: Page) -> None:
    lab.locator("[data-dialog=own-pictures]").click()
    dialog, tray = lab.locator("#own-pictures"), lab.locator(".tray-picture img")
    lab.locator("#own-class").fill("line")
    dialog.get_by_role("tab", name="Drawing").click()
    add = dialog.get_by_role("button", name="Add", exact=True)
    add.click()
    expect(tray).to_have_count(0)
    pad = dialog.get_by_role("application", name="Drawing")
    box = pad.bounding_box()
    assert box
    lab.mouse.move(box["x"] + 20, box["y"] + 96)
    lab.mouse.down()
    lab.mouse.move(box["x"] + 172, box["y"] + 96, steps=5)
    lab.mouse.up()
    add.click()
    expect(tray).to_have_count(1)
    pad.focus()
    for key in ("ArrowLeft", "Space", "Shift+ArrowUp", "Shift+ArrowUp", "Space"):
        lab.keyboard.press(key)
    add.click()
    expect(tray).to_have_count(2)
    expect(dialog.get_by_role("textbox", name="Name of the class line")).to_have_value("line")
    pixels = [np.array(tray.nth(index).evaluate(PIXELS)).reshape(48, 48, 4)[..., 0] for index in (0, 1)]
    (lying_height, lying_width), (standing_height, standing_width) = (
        [int((picture < 128).any(axis=axis).sum()) for axis in (1, 0)] for picture in pixels
    )
    assert 30 < lying_width < 48
    assert 12 < standing_height < 24
    assert lying_height in range(2, 6)
    assert standing_width in range(2, 6)


def test_how_a_convolution_slides(lab: Page) -> None:
    lab.locator("#open-stack-0").click()
    lab.locator("#slide-0").click()
    formula = lab.locator("[data-formula]")
    expect(formula).to_have_text("⌊(8 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 8")
    lab.locator("#slide-stride").fill("2")
    expect(formula).to_have_text("⌊(8 + 2·2 − 1·(5 − 1) − 1) / 2⌋ + 1 = 4")


def test_the_labs_lead_to_each_other_in_one_run(lab: Page) -> None:
    run = lab.locator("#lab").get_attribute("data-run")
    lab.get_by_role("link", name="Points").click()
    expect(lab.locator("#network")).to_be_visible()
    assert lab.locator("#lab").get_attribute("data-run") == run
    lab.get_by_role("link", name="Pictures").click()
    expect(lab.locator("#builder")).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE])
def test_nothing_stands_in_anybodys_way(lab: Page, size: dict[str, int] | None) -> None:
    if size:
        lab.set_viewport_size(size)  # pyright: ignore[reportArgumentType] - a ViewportSize
    lab.locator("#open-stack-4").focus()
    lab.keyboard.press("Alt+ArrowUp")
    expect(lab.locator("#broken-4")).to_be_visible()
    result: Any = Axe().run(lab, options=RULES)  # pyright: ignore[reportUnknownMemberType]
    assert result.violations_count == 0, result.generate_report()
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")
