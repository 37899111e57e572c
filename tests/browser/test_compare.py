"""Runs side by side, as a visitor sees them: begun in the lab, driven together, put in order, taken away."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import open_lab
from tests.browser.runs import make, open_runs, shoot
from tests.browser.test_looks import PHONE, violations

TRAINED = "() => [...document.querySelectorAll('[data-cell=epoch]')].every((cell) => Number(cell.dataset.value) >= 20)"


@pytest.fixture
def page(public_page: Page) -> Page:
    return public_page


def test_an_optimiser_race_is_run_sorted_and_taken_away(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page, "network.layers.0.units=4")
    page.get_by_role("button", name="Compare").press("Enter")
    page.get_by_role("button", name="Start the race").press("Enter")
    expect(page.get_by_role("heading", name="8 runs side by side")).to_be_visible()
    expect(page.locator("[data-tile] h2")).to_have_text(
        ["SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "Lion"]
    )
    page.wait_for_function(TRAINED)
    expect(page.locator("[data-standing]")).to_have_text("8 training")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play all")).to_be_visible()
    expect(page.locator("[data-standing]")).to_have_text("8 paused")
    chart = page.locator("[data-chart=curves]")
    page.get_by_role("button", name="Accuracy", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Accuracy", exact=True)).to_be_focused()
    expect(chart.locator(".ytick").last).to_contain_text("%")
    expect(chart.locator("[data-plot]")).to_have_attribute(
        "aria-label", re.compile(r"Accuracy\. Over .* SGD from .* %")
    )
    page.get_by_role("button", name="Training", exact=True).click()

    page.get_by_role("button", name="Test loss").press("Enter")
    expect(page.get_by_role("columnheader", name="Test loss")).to_have_attribute("aria-sort", "ascending")
    losses = [float(text) for text in page.locator("[data-cell=test_loss]").all_inner_texts()]
    assert losses == sorted(losses)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["training.optimizer.kind"] for row in rows} >= {"sgd", "adam", "lion"}
    assert sorted(round(float(row["test_loss"]), 4) for row in rows) == losses

    shoot(page, "compare-race-light", full_page=True)
    assert violations(page) == []
    page.get_by_role("link", name="Compare without Lion").click()
    expect(page.locator("[data-tile]")).to_have_count(7)
    page.wait_for_load_state()  # its scripts listen from then on
    page.keyboard.press("r")
    expect(page.locator("[data-cell=epoch]").first).to_have_text("0")
    assert lab.noise == []


def test_seeds_are_summed_up_in_the_dark_and_on_a_phone(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    lab = open_lab(page, "network.layers.0.units=4")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="4 seeds").click()
    expect(page.get_by_role("heading", name="4 seeds side by side")).to_be_visible()
    page.wait_for_function(TRAINED)
    legend = page.locator(".chart-legend li")
    expect(legend).to_have_text(["Mean of 4", "Least", "Largest"])
    page.get_by_role("button", name="Each").click()
    expect(legend).to_have_text(["Seed 0", "Seed 1", "Seed 2", "Seed 3"])
    page.get_by_role("button", name="Pause all").click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    shoot(page, "compare-seeds-dark-phone", full_page=True)
    assert violations(page) == []
    assert lab.noise == []


def test_one_s_own_runs_are_chosen_and_compared(page: Page) -> None:
    runs = [make(page, seed=seed, network={"layers": []}) for seed in (1, 2)]
    open_runs(page)
    for run in runs:
        page.locator(f"#select-{run}").check()
    page.locator("#bulk-compare").click()
    expect(page.get_by_role("heading", name="2 seeds side by side")).to_be_visible()
    expect(page.locator("[data-cell=epoch]").first).to_have_text("20")
