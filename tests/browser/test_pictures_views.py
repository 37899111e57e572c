"""Looking into a network for pictures: maps and arithmetic, confusion, drawing, as a visitor does it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab, open_lab
from tests.browser.test_looks import PHONE, violations

SMALL = (
    "family=cnn&data.samples=300&network.layers.0.kind=conv2d&network.layers.0.filters=3&network.layers.0.padding=1"
    "&network.layers.1.kind=max_pool&network.layers.2.kind=flatten"
)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def trained(page: Page, epochs: int = 8) -> Lab:
    lab = open_lab(page, SMALL)
    lab.command(type="step", unit="epoch", count=epochs)
    page.locator("#picture-stage").scroll_into_view_if_needed()  # it draws only what can be seen
    expect(page.locator("nn-stage [data-layer='0'] canvas")).to_have_count(3)
    return lab


def explained(lab: Lab, **question: object) -> dict[str, Any]:
    fields: dict[str, str | float | bool] = {name: str(value) for name, value in question.items()}
    answer = lab.page.request.get(f"/api/v1/runs/{lab.run_id}/explain", params=fields)
    assert answer.ok, answer.text()
    return answer.json()


def told(panel: Locator, words: str) -> float:
    return number(panel.locator(".term", has_text=words).locator("b").inner_text())


def test_a_unit_shows_the_arithmetic_that_the_network_did(page: Page) -> None:
    lab = trained(page)
    page.locator("[data-turn='1']").click()
    which = page.locator("[data-which]")
    expect(which).to_contain_text("Picture 242 of 300 (test)")
    map_ = page.locator("nn-stage [data-layer='0'] canvas").nth(1)
    map_.hover(position={"x": 10, "y": 10})
    expect(page.locator(".stage-input .fed")).to_have_count(1)
    map_.click(position={"x": 10, "y": 10})  # a cell is 7 px wide: line 1, column 1
    panel = page.locator("#unit-panel")
    expect(panel.locator("#unit-title")).to_have_text("1 Convolution, map 2, row 2, column 2")
    expect(panel.locator(".unit-value")).to_be_visible()

    def compare() -> None:
        arithmetic = explained(lab, kind="unit", row=241, layer=0, channel=1, y=1, x=1)
        for words, wanted in [
            ("Sum of the products", arithmetic["arithmetic"]["sum"]),
            ("+ bias", arithmetic["arithmetic"]["bias"]),
            ("relu", arithmetic["value"]),
        ]:
            assert told(panel, words) == pytest.approx(wanted, rel=1e-3, abs=1e-6)

    compare()
    slider = panel.get_by_label("Products that are added up")
    slider.fill("1")
    expect(panel.locator(".step-words")).to_contain_text("Product 1 of 9")

    # It follows a run that stands still, and gives the focus back.
    before = panel.locator(".unit-sum b").inner_text()
    lab.command(type="step", unit="epoch", count=3)
    expect(panel.locator(".unit-sum b")).not_to_have_text(before)
    compare()
    expect(panel.locator(".step-words")).to_contain_text("Product 1 of 9")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("nn-stage [data-layer='0']")).to_be_focused()

    # By keys alone.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(panel.locator("#unit-title")).to_contain_text("column 6")
    assert lab.noise == []


def test_a_cell_of_the_confusion_matrix_shows_its_pictures(page: Page) -> None:
    lab = trained(page)
    plot = page.locator("nn-judge [data-canvas]")
    expect(plot.locator(".heatmaplayer image")).to_be_attached()
    area = plot.locator(".nsewdrag").bounding_box()
    assert area
    page.mouse.click(area["x"] + area["width"] * 0.05, area["y"] + area["height"] * 0.05)
    answers = page.request.get(f"/api/v1/runs/{lab.run_id}/answers?part=test").json()
    pairs = list(zip(answers["labels"], answers["predicted"], strict=True))
    tiles = page.locator("nn-judge .picture-tile")
    expect(page.locator("nn-judge")).to_contain_text(f"0 read as 0: {pairs.count((0, 0))} picture")
    expect(tiles).to_have_count(pairs.count((0, 0)))
    tiles.last.click()
    row = [row for row, pair in zip(answers["rows"], pairs, strict=True) if pair == (0, 0)][-1]
    expect(page.locator("[data-which]")).to_contain_text(f"Picture {row + 1} of 300")
    for view in ("Worst mistakes", "Calibration", "Embedding"):
        page.get_by_label("Judge by").select_option(view)
    expect(plot.locator(".scatterlayer .trace")).to_have_count(10)

    # Principal components are live; UMAP is of the epoch at which it was asked for.
    words = page.locator("nn-judge [data-words]")
    page.get_by_role("group", name="Embedding by").get_by_role("button", name="UMAP").press("Enter")
    expect(words).to_contain_text("at epoch 8.")
    expect(plot.locator(".scatterlayer .trace")).to_have_count(10)
    lab.command(type="step", unit="epoch", count=1)
    page.get_by_role("button", name="Compute anew").press("Enter")
    expect(words).to_contain_text("at epoch 9.")
    page.get_by_role("button", name="PCA").click()
    expect(words).to_contain_text("two principal components")
    assert violations(page) == []
    assert lab.noise == []


def test_a_drawing_is_read_while_it_is_drawn_and_looked_into(page: Page) -> None:
    lab = trained(page)
    page.get_by_role("tab", name="Draw").click()
    pad = page.locator("nn-draw [data-pad]")
    box = pad.bounding_box()
    assert box

    def stroke(*places: tuple[float, float]) -> None:
        (x, y), *others = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in places]
        page.mouse.move(x, y)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place, steps=5)
        page.mouse.up()

    stroke((0.5, 0.1), (0.5, 0.9))
    bars = page.locator("nn-draw .class-chance")
    expect(bars).to_have_count(10)
    expect(page.locator("nn-draw [data-words]")).to_contain_text("It reads")
    first = bars.all_inner_texts()
    stroke((0.5, 0.1), (0.2, 0.5), (0.8, 0.6))
    expect(page.locator("nn-draw")).not_to_have_text(re.compile(re.escape(first[0]) + ".*" + re.escape(first[1])))
    assert bars.all_inner_texts() != first
    page.get_by_role("button", name="Look inside").click()
    expect(page.locator("[data-which]")).to_contain_text("Your drawing, read as")
    page.locator("nn-stage [data-layer='0'] canvas").first.click()
    expect(page.locator("#unit-panel .unit-value")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take the last stroke back").click()
    page.get_by_role("button", name="Clear the drawing").click()
    expect(page.locator("nn-draw [data-words]")).to_contain_text("Draw something")
    assert violations(page) == []
    assert lab.noise == []


def test_filters_and_what_excites_them(page: Page) -> None:
    lab = trained(page)
    page.get_by_role("group", name="Look at").get_by_role("button", name="Filters").click()
    filters = page.locator(".filter")
    expect(filters).to_have_count(3)
    filters.nth(1).click()
    top = explained(lab, kind="top", layer=0, channel=1)["pictures"]
    expect(page.locator(".close-up .picture-tile")).to_have_count(len(top))
    expect(page.locator(".close-up .frame-patch")).to_have_count(len(top))
    assert lab.noise == []


def test_boxes_are_drawn_over_the_pictures_while_it_learns(page: Page) -> None:
    lab = open_lab(page, "family=cnn&data.kind=shapes&data.samples=200&data.side=16&data.task=detection")
    lab.command(type="play")
    stage = page.locator(".stage-input")
    expect(stage.locator(".frame-truth")).to_have_count(1)
    dashed = stage.locator(".frame-predicted")
    first = dashed.get_attribute("style")
    expect(dashed).not_to_have_attribute("style", first or "")
    expect(page.locator("[data-boxes]")).to_contain_text("% (IoU)")
    expect(page.locator("nn-judge .frame-predicted")).to_have_count(24)
    assert violations(page) == []
    assert lab.noise == []


def test_everything_fits_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    trained(page, epochs=1)
    for element in ("nn-stage", "nn-judge"):
        assert page.locator(element).evaluate("element => element.scrollWidth <= element.clientWidth"), element
    page.locator("nn-stage [data-layer='0'] canvas").first.click()
    expect(page.locator("#unit-panel .unit-value")).to_be_visible()
    assert violations(page) == []
