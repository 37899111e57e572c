"""Epochs per second at full speed while a page is open in Chromium on the same machine, and frames that it paints."""

import time
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from tests.benchmarks.report import Table
from tests.benchmarks.work import WORKS

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SECONDS = 8.0
_WANTED = (3_000, 1_000)
_REFERENCE = (53, 12)
# Counts frames of the animation loop in which the page drew something, by watching the epoch counter.
_COUNT_PAINTS = """() => { window.painted = 0; let last = '';
  const look = () => { const now = document.querySelector('#epoch')?.textContent ?? '';
    if (now !== last) { last = now; window.painted += 1; } requestAnimationFrame(look); };
  requestAnimationFrame(look); }"""


def epochs_with_a_page(url: str) -> Table:
    """The run is the page's own; its speed is set to full by REST."""
    table = Table(
        "At full speed with a page open in Chromium",
        ("network", "epochs/s", "wanted", "the reference", "painted frames/s"),
    )
    path = str(CHROMIUM) if CHROMIUM.exists() else None
    with sync_playwright() as playwright, httpx.Client(base_url=url, timeout=30) as client:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for work, wanted, reference in zip(WORKS, _WANTED, _REFERENCE, strict=True):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{url}/?{work.query}")
            run = client.get("/api/v1/runs").json()["runs"][0]["id"]
            while client.get(f"/api/v1/runs/{run}").json()["status"] == "compiling":
                time.sleep(0.2)
            for command in ({"type": "speed", "epochs_per_second": None}, {"type": "play"}):
                client.post(f"/api/v1/runs/{run}/commands", json=command).raise_for_status()
            time.sleep(1)
            page.evaluate(_COUNT_PAINTS)
            began, first = time.perf_counter(), client.get(f"/api/v1/runs/{run}").json()["epoch"]
            time.sleep(_SECONDS)
            epochs = client.get(f"/api/v1/runs/{run}").json()["epoch"] - first
            seconds = time.perf_counter() - began
            painted = page.evaluate("() => window.painted")
            table.add(
                work.name, f"{epochs / seconds:,.0f}", f"≥ {wanted:,}", str(reference), f"{painted / seconds:.0f}"
            )
            page.close()
            client.delete(f"/api/v1/runs/{run}")
        browser.close()
    return table
