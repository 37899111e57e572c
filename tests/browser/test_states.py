"""Pictures of the states that no other test keeps: editing, compiling, and every chart by itself, light and dark."""

from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from app.schemas.url import from_query
from app.web.lab.view import Chart
from tests.browser.lab import SCREENSHOTS, layers, open_lab

Scheme = Literal["light", "dark"]


def unusual(depth: int) -> str:
    """A network whose program nothing else on the page needs, so that it must be compiled."""
    return f"data.kind=blobs&data.classes=6&data.samples=3000&{layers(*[33] * depth)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_chart_by_itself(browser: Browser, base_url: str, scheme: Scheme) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    charts = get_args(Chart)
    lab = open_lab(page, f"data.kind=spiral&training.optimizer.kind=adam&view.charts={','.join(charts)}")
    lab.play()
    lab.wait_for_epoch(60)
    SCREENSHOTS.mkdir(exist_ok=True)
    for name in charts:
        card = page.locator(f".chart-card[data-chart={name}]")
        card.scroll_into_view_if_needed()
        if name == "landscape":
            page.get_by_role("button", name="Draw it from here").click()
        expect(card.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=30_000)
        page.wait_for_timeout(400)
        card.screenshot(path=SCREENSHOTS / f"chart-{name}-{scheme}.png")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editing(browser: Browser, base_url: str, scheme: Scheme) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    lab = open_lab(context.new_page())
    lab.play()
    lab.wait_for_epoch(30)
    lab.page.locator("#neuron-1-0").click()
    expect(lab.page.locator("#inspector")).to_be_visible()
    lab.shoot(f"editing-{scheme}")
    context.close()


def test_compiling_says_so_and_accepts_play(page: Page) -> None:
    for depth in (1, 2, 3):  # keep the compiler busy, so that the page is not too late to see it
        experiment = from_query(unusual(depth)).model_dump(mode="json", exclude_unset=True)
        assert page.request.post("/api/v1/runs", data=experiment).status == 201
    lab = open_lab(page, unusual(5), status="compiling")
    expect(page.locator("#status")).to_contain_text("Compiling")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    lab.shoot("compiling")
    lab.wait_for_epoch(1)
    lab.status("running")
