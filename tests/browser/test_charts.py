"""The dock of charts: opening and closing, what the cards show, the crosshair that they share, downloads."""

import csv
import re
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Page, Request, expect

from app.web.lab.view import Chart
from tests.browser.lab import Lab, layers, open_lab
from tests.browser.test_looks import violations

ALL: tuple[str, ...] = get_args(Chart)
# What software that stands in for a graphics card says of itself.
OF_THE_BROWSER = re.compile(r"GL Driver Message|willReadFrequently")


def card(page: Page, name: str) -> str:
    return f".chart-card[data-chart={name}]"


def streamed_parts(page: Page) -> list[set[str]]:
    """The parts that each event stream asks for, as streams are opened."""
    opened: list[set[str]] = []

    def see(request: Request) -> None:
        url = urlsplit(request.url)
        if url.path == "/api/v1/events":
            opened.append(set(parse_qs(url.query)["parts"][0].split(",")))

    page.on("request", see)
    return opened


def quiet(lab: Lab) -> list[str]:
    return [message for message in lab.noise if not OF_THE_BROWSER.search(message)]


def test_chips_open_and_close_cards_which_ask_for_no_more_than_they_show(page: Page) -> None:
    opened = streamed_parts(page)
    open_lab(page)
    expect(page.locator(".chart-card")).to_have_count(1)
    assert "gradient_norms" not in opened[-1]

    norms = page.get_by_role("button", name="Gradient norms", exact=True)
    norms.click()
    expect(norms).to_have_attribute("aria-pressed", "true")
    expect(page.locator(card(page, "gradient_norms"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"view\.charts=loss,gradient_norms"))
    page.wait_for_timeout(200)
    assert "gradient_norms" in opened[-1]

    page.get_by_role("button", name="Close Gradient norms").click()
    expect(page.locator(card(page, "gradient_norms"))).to_have_count(0)
    expect(norms).to_be_focused()
    page.get_by_role("button", name="Close Loss", exact=True).click()
    expect(page.locator(".chart-card")).to_have_count(0)
    page.wait_for_timeout(200)
    assert not {"gradient_norms", "points"} & opened[-1]

    # The next visit, whose address says nothing of charts, finds what was left.
    page.get_by_role("button", name="Metrics", exact=True).click()
    page.goto("/")
    expect(page.locator(".chart-card")).to_have_count(1)
    expect(page.locator(card(page, "metrics"))).to_be_visible()


def test_every_chart_is_drawn_while_it_trains(page: Page) -> None:
    lab = open_lab(page, f"data.kind=blobs&data.classes=3&view.charts={','.join(ALL)}")
    page.locator("#speed").select_option("")
    lab.play()
    lab.wait_for_epoch(300)
    expect(page.locator(".chart-card")).to_have_count(len(ALL))
    for name in ALL:
        page.locator(card(page, name)).scroll_into_view_if_needed()
        if name == "landscape":
            page.get_by_role("button", name="Draw it from here").click()
        plot = page.locator(f"{card(page, name)} .main-svg").first
        expect(plot).to_be_attached()
        expect(page.locator(f"{card(page, name)} [data-empty]")).to_be_hidden()
        label = page.locator(f"{card(page, name)} [data-plot]")
        expect(label).to_have_attribute("aria-label", re.compile(r"^\S.*\. \S"))
    for name, what in {"weights": "heatmaplayer", "loss": "scatterlayer", "predictions": "heatmaplayer"}.items():
        expect(page.locator(f"{card(page, name)} .{what} > *").first).to_be_attached()
    # The classes' counts stand in the matrix, whose rows are named as the data names them.
    expect(page.locator(f"{card(page, 'predictions')} .ytick").first).to_be_attached()

    page.get_by_label("Activations", exact=True).get_by_role("button", name="Before").click()
    page.get_by_label("Weights", exact=True).get_by_role("button", name="Output").click()
    weights = page.locator(f"{card(page, 'weights')} [data-plot]")
    expect(weights).to_have_attribute("aria-label", re.compile(r"^Weights\. Output: Weight from"))
    lab.pause()
    lab.shoot("charts", full_page=True)
    assert violations(page) == []
    assert quiet(lab) == []


def test_the_crosshair_is_shared_by_all_charts_over_epochs(page: Page) -> None:
    lab = open_lab(page, "data.kind=gaussian&view.charts=loss,metrics,schedule")
    lab.play()
    lab.wait_for_epoch(30)
    lab.pause()
    expect(page.locator(f"{card(page, 'schedule')} .scatterlayer .trace")).to_have_count(1)
    expect(page.locator(f"{card(page, 'loss')} .scatterlayer .trace")).to_have_count(2)
    box = page.locator(f"{card(page, 'loss')} [data-plot]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 40)
    for name in ("loss", "metrics", "schedule"):
        expect(page.locator(f"{card(page, name)} .reading")).to_contain_text("Epoch")
    titles = page.locator(".reading strong").all_inner_texts()
    assert len(set(titles)) == 1
    expect(page.locator(f"{card(page, 'metrics')} .reading")).to_contain_text("%")
    page.mouse.move(0, 0)
    expect(page.locator(".reading").first).to_be_hidden()

    # The legend switches a curve off; smoothing draws the raw curve behind.
    page.locator(f"{card(page, 'loss')} .chart-legend").get_by_role("button", name="Test").click()
    expect(page.locator(f"{card(page, 'loss')} .scatterlayer .trace")).to_have_count(1)
    page.get_by_role("button", name="Settings of Loss", exact=True).click()
    page.locator("#chart-loss-menu").get_by_label("Logarithmic values").check()
    page.locator("#chart-loss-menu input[type=range]").fill("0.9")
    expect(page.locator(f"{card(page, 'loss')} .scatterlayer .trace")).to_have_count(2)
    assert quiet(lab) == []


def test_a_chart_is_downloaded_as_picture_and_as_numbers(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page, "data.kind=gaussian")
    page.locator("#step").click()
    lab.status("paused")
    expect(page.locator(f"{card(page, 'loss')} .scatterlayer .trace")).to_have_count(2)
    files: dict[str, Path] = {}
    for kind in ("PNG", "SVG", "CSV"):
        page.get_by_role("button", name="Download Loss").click()
        with page.expect_download() as download:
            page.locator("#chart-loss-save").get_by_role("button", name=f"({kind})").click()
        files[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[kind])
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in files["SVG"].read_text()
    rows = list(csv.DictReader(files["CSV"].read_text().splitlines()))
    metrics = lab.run()["metrics"]
    assert [row["epoch"] for row in rows] == ["0", "1"]
    # All digits that a float32 has.
    assert np.float32(rows[-1]["Training"]) == np.float32(metrics["train"]["loss"])
    assert np.float32(rows[-1]["Test"]) == np.float32(metrics["test"]["loss"])
    assert quiet(lab) == []


def test_a_regression_has_residuals_and_a_surface_needs_webgl(page: Page) -> None:
    page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return String(kind).includes("webgl") ? null : real.call(this, kind, ...rest);
        };"""
    )
    lab = open_lab(page, "data.kind=plane&view.charts=predictions,surface,metrics")
    expect(page.locator(card(page, "surface"))).to_contain_text("no WebGL")
    predictions = page.locator(card(page, "predictions"))
    expect(predictions.locator(".scatterlayer .trace")).to_have_count(2)
    predictions.get_by_role("button", name="Residuals").click()
    expect(predictions.locator(".ytitle")).to_have_text("Predicted − actual")
    page.get_by_label("Metrics", exact=True).get_by_role("button", name="R²").click()
    lab.play()
    lab.wait_for_epoch(5)
    expect(page.locator(f"{card(page, 'metrics')} .scatterlayer .trace")).to_have_count(2)
    assert quiet(lab) == []


def test_a_landscape_is_drawn_from_where_the_network_stands(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page, "data.kind=gaussian&view.charts=landscape")
    landscape = page.locator(card(page, "landscape"))
    expect(landscape.locator("[data-empty]")).to_contain_text("will be drawn here")
    lab.play()
    lab.wait_for_epoch(5)
    draw = page.get_by_role("button", name="Draw it from here")
    draw.press("Enter")
    note = landscape.get_by_role("status")
    expect(note).to_contain_text("At epoch")
    expect(draw).to_be_focused()
    expect(landscape.locator(".contourlayer > *").first).to_be_attached()
    lab.pause()
    asked = page.request.get(f"/api/v1/runs/{lab.run_id}/landscape").json()
    expect(note).to_have_text(f"At epoch {asked['epoch']}")

    # From a run that stands still, the middle is the loss that the page shows.
    draw.click()
    epoch = lab.epoch()
    expect(note).to_have_text(f"At epoch {epoch}")
    middle = page.request.get(f"/api/v1/runs/{lab.run_id}/landscape").json()["centre"]
    assert middle == lab.run()["metrics"]["train"]["loss"]
    said = re.compile(f"in the middle it is {middle:.4f}")
    expect(landscape.locator("[data-plot]")).to_have_attribute("aria-label", said)
    page.get_by_role("button", name="Download Loss landscape").click()
    with page.expect_download() as download:
        page.locator("#chart-landscape-save").get_by_role("button", name="(CSV)").click()
    download.value.save_as(tmp_path / "landscape.csv")
    rows = list(csv.DictReader((tmp_path / "landscape.csv").read_text().splitlines()))
    assert len(rows) == 625
    assert float(rows[312]["loss"]) == middle

    # What it shows is told where training has begun anew since, and found again by who comes back.
    page.locator("#reset").click()
    expect(note).to_have_text(f"At epoch {epoch}, before it began anew")
    assert violations(page) == []
    assert quiet(lab) == []


def test_the_path_of_training_is_drawn_on_the_landscape_along_it(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page, "data.kind=gaussian&view.charts=landscape")
    landscape = page.locator(card(page, "landscape"))
    path = landscape.get_by_role("button", name="Path", exact=True)
    path.press("Enter")
    expect(landscape.locator("[data-empty]")).to_contain_text("Train for some epochs first")
    expect(path).to_be_focused()
    expect(path).to_have_attribute("aria-pressed", "true")
    for _ in range(4):
        lab.command(type="step", unit="epoch", count=2)
    draw = landscape.get_by_role("button", name="Draw it from here")
    draw.click()
    note = landscape.get_by_role("status")
    expect(note).to_have_text("At epoch 8")
    expect(landscape.locator(".xtitle")).to_have_text(re.compile(r"Component 1 · .* % of the path"))
    epochs = [moment["epoch"] for moment in page.request.get(f"/api/v1/runs/{lab.run_id}/landscape").json()["path"]]
    assert (epochs[0], epochs[-1]) == (0, 8)
    expect(landscape.locator(".scatterlayer .trace").nth(1).locator(".point")).to_have_count(len(epochs))
    said = re.compile(f"The path from epoch 0 on has {len(epochs)} moments")
    expect(landscape.locator("[data-plot]")).to_have_attribute("aria-label", said)
    landscape.get_by_role("button", name="Download Loss landscape").click()
    with page.expect_download() as download:
        page.locator("#chart-landscape-save").get_by_role("button", name="(CSV)").click()
    download.value.save_as(tmp_path / "landscape.csv")
    rows = list(csv.DictReader((tmp_path / "landscape.csv").read_text().splitlines()))
    assert [row["epoch"] for row in rows] == [str(epoch) for epoch in epochs] + [""] * 625

    # The run remembers the directions for whoever opens it again.
    page.reload()
    expect(note).to_have_text("At epoch 8")
    expect(path).to_have_attribute("aria-pressed", "true")
    landscape.get_by_role("button", name="Random", exact=True).click()
    expect(landscape.locator(".xtitle")).to_have_text("First direction")
    assert violations(page) == []
    assert [noise for noise in quiet(lab) if "409" not in noise] == []


def test_the_space_of_a_layer_is_that_of_its_neurons_or_of_two_components(page: Page) -> None:
    opened = streamed_parts(page)
    lab = open_lab(page, f"data.kind=blobs&{layers(5, 2)}&view.charts=space")
    space = page.locator(card(page, "space"))
    lab.play()
    lab.wait_for_epoch(5)
    assert "space" in opened[-1]
    expect(space.locator(".xtitle")).to_have_text("Neuron 1")
    expect(space.locator(".scatterlayer .trace")).to_have_count(4)  # the grid and three classes
    first = page.get_by_label("Layer", exact=True).get_by_role("button", name="1")
    first.press("Enter")
    expect(space.locator(".xtitle")).to_have_text("Component 1")
    lab.pause()
    said = re.compile(r"Layer 1: the plane and \d+ training points .* Two components show \d+ %")
    expect(space.locator("[data-plot]")).to_have_attribute("aria-label", said)
    assert violations(page) == []
    remove = page.get_by_role("button", name="Remove the last hidden layer")
    remove.click()
    expect(page.locator(".layer")).to_have_count(1)
    expect(page.get_by_label("Layer", exact=True)).to_have_count(0)
    remove.click()
    expect(space.locator("[data-empty]")).to_contain_text("no hidden layer")
    assert quiet(lab) == []
