"""Pictures of the states that no other test keeps: editing, compiling, and every chart by itself, light and dark."""

from pathlib import Path
from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.lab.view import Chart
from tests.browser.lab import SCREENSHOTS, layers, open_lab
from tests.servers import running_server

Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_chart_by_itself(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editing(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(30)
    lab.page.locator("#neuron-1-0").click()
    expect(lab.page.locator("#inspector")).to_be_visible()
    lab.shoot(f"editing-{scheme}")


def test_compiling_says_so_and_accepts_play(browser: Browser, tmp_path: Path) -> None:
    nothing_compiled = {"NNPLAY_CACHE_DIR": str(tmp_path), "NNPLAY_WARM_UP": "false"}
    with running_server(tmp_path, nothing_compiled) as server:
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        lab = open_lab(page, layers(33, 33, 33), status="compiling")
        expect(page.locator("#status")).to_contain_text("Compiling")
        page.locator("#play").click()
        expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
        lab.shoot("compiling")
        lab.wait_for_epoch(1)
        lab.status("running")
        context.close()
