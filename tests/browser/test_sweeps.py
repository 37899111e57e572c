"""Sweeps as a visitor sees them: begun in the lab, watched, sorted, brushed, opened; in the dark and on a phone."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, open_lab
from tests.browser.runs import shoot
from tests.browser.test_charts import OF_THE_BROWSER
from tests.browser.test_looks import PHONE, Scheme, violations

RATE = "training.optimizer.learning_rate"
SWEEP: dict[str, Any] = {
    "experiment": {"network": {"layers": [{"units": 4}]}},
    "space": {RATE: {"low": 0.001, "high": 1, "scale": "log"}, "network.layers.0.activation": ["tanh", "relu"]},
    "search": {"kind": "random", "trials": 12},
    "epochs": 20,
}
DONE = "All 12 trials are done."


@pytest.fixture
def page(public_page: Page) -> Page:
    return public_page


def open_sweep(page: Page, **changed: object) -> str:
    """Opens the page of a sweep that has just begun."""
    sweep = page.request.post("/api/v1/sweeps", data={**SWEEP, **changed}).json()["id"]
    page.goto(f"/sweeps/{sweep}")
    return sweep


def column(page: Page, cell: str) -> list[float]:
    """The numbers of a column, as far as there are any, from top to bottom."""
    cells = page.locator(f"tr[data-trial]:visible [data-cell={cell}]").all()
    return [float(value) for value in (cell.get_attribute("data-value") for cell in cells) if value]


def noise_of(lab: Lab) -> list[str]:
    """Without what the browser says of its own WebGL."""
    return [text for text in lab.noise if not OF_THE_BROWSER.search(text)]


def test_a_sweep_is_begun_in_the_lab_watched_and_its_best_is_opened(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page, "network.layers.0.units=4&data.kind=gaussian")
    page.get_by_role("button", name="Compare").press("Enter")
    page.get_by_role("link", name="Choose the settings").press("Enter")
    count = page.locator("#sweep-count")
    expect(count).to_have_text("5 × 4 = 20 trials")
    assert violations(page) == []
    page.get_by_role("checkbox", name="Seed").press("Space")
    page.locator("[name='seed:high']").fill("99")
    page.locator("[name='seed:points']").fill("50")
    expect(count).to_contain_text("1,000 trials are too many: 200 at most")
    expect(page.get_by_role("button", name="Begin the sweep")).to_be_disabled()
    page.get_by_role("checkbox", name="Seed").press("Space")
    page.locator("[name=epochs]").fill("0")
    page.locator("[name=epochs]").evaluate("(field) => field.removeAttribute('min')")
    page.get_by_role("button", name="Begin the sweep").click()
    expect(page.get_by_role("alert")).to_contain_text("Epochs:")
    lab.noise.clear()  # the browser tells of every refusal
    page.locator("[name=epochs]").fill("30")
    page.get_by_role("button", name="Begin the sweep").click()

    expect(page.get_by_role("heading", name="Learning rate × Layer 1 activation")).to_be_visible()
    expect(page.locator("[data-standing]")).to_contain_text("All 20 trials are done.", timeout=60_000)
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 20)
    losses = column(page, "test_loss")
    assert losses == sorted(losses), "the best comes first"
    page.get_by_role("button", name="Test accuracy").press("Enter")
    accuracies = column(page, "test_accuracy")
    assert accuracies == sorted(accuracies)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "sweep.csv")
    with (tmp_path / "sweep.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 20

    best = page.locator("tr[data-best] [data-cell=test_loss]")
    told = float(best.get_attribute("data-value") or "nan")
    page.get_by_role("button", name="Open the best").click()
    page.wait_for_url("**/runs/*")
    lab.wait_for_epoch(30)
    lab.status("paused")
    assert lab.run()["metrics"]["test"]["loss"] == told
    assert noise_of(lab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_plot_is_brushed_and_the_best_are_compared(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    open_sweep(page)
    expect(page.locator("[data-standing]")).to_contain_text(DONE, timeout=60_000)
    brushes = page.locator(".axis-brush")
    expect(brushes).to_have_count(3, timeout=60_000)
    box = brushes.nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 40, steps=5)
    page.mouse.up()
    expect(page.locator("[data-shown]")).to_contain_text("of 12 shown")
    left = page.locator("tr[data-trial]:visible").count()
    assert 0 < left < 12
    assert set(page.locator("tr[data-trial]:visible td:nth-child(3)").all_inner_texts()) == {"ReLU"}
    shoot(page, f"sweep-{scheme}")
    assert violations(page) == []
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("tr[data-trial]:visible")).to_have_count(12)
    page.get_by_role("button", name="Compare the best").click()
    expect(page.get_by_role("heading", name="8 runs side by side")).to_be_visible()


def test_a_sweep_is_searched_further_stopped_and_deleted_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    first = open_sweep(page)
    expect(page.locator("[data-standing]")).to_contain_text(DONE, timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    shoot(page, "sweep-phone", full_page=True)
    assert violations(page) == []
    page.get_by_role("button", name="Search around the best").click()
    page.wait_for_url(lambda url: "/sweeps/" in url and first not in url)
    expect(page.locator("[data-standing]")).to_contain_text(DONE, timeout=60_000)

    open_sweep(page, epochs=10_000)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-standing]")).to_contain_text("Stopped")
    page.get_by_role("button", name="Delete this sweep").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".sweeps-item")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert violations(page) == []
    page.locator(".sweeps-item a").last.click()
    page.wait_for_url(f"**/sweeps/{first}")


def test_without_webgl_the_table_tells_it_all(page: Page) -> None:
    page.add_init_script(
        """HTMLCanvasElement.prototype.getContext = ((real) => function (kind, ...rest) {
          return String(kind).includes("webgl") ? null : real.call(this, kind, ...rest);
        })(HTMLCanvasElement.prototype.getContext);"""
    )
    open_sweep(page)
    expect(page.locator(".chart-card")).to_contain_text("no WebGL")
    expect(page.locator("[data-standing]")).to_contain_text(DONE, timeout=60_000)
    expect(page.locator("tr[data-trial]:visible")).to_have_count(12)
