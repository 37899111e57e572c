"""The page in Chromium on the same machine: how it opens, and what it paints while its run trains at full speed."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from app.web.lab.view import Chart
from tests.benchmarks.report import Table
from tests.benchmarks.work import WORKS

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVERY_CHART = f"view.charts={','.join(get_args(Chart))}"
_SCRIPT = (Path(__file__).parent / "page.js").read_text()
_SECONDS = 8.0
_WANTED = (3_000, 1_000)
_REFERENCE = (53, 12)
_LONGEST_TASK = "() => Math.max(0, ...window.vitals.tasks.map(([, duration]) => duration))"
_CLICK = "([selector, value]) => window.clickToPicture(selector, value)"
# Each changes the picture; the options alternate, so that every choice is a change.
_CLICKS: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    ("#f-training-optimizer-learning_rate", ("0.1", "0.03")),
    ("#f-training-optimizer-kind", ("adam", "sgd")),
    ("#f-network-layers-0-activation", ("relu", "tanh")),
    ("#f-training-regularization-l2", ("0.001", "0")),
    ("#feature-2", (None, None)),
    ("#fewer-0", (None,)),
    ("#more-0", (None,)),
    ("#dice", (None,)),
    ("#regenerate", (None,)),
    ("#reset", (None,)),
)


def measure(url: str) -> list[Table]:
    """The runs are the page's own."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        tables = [_opening(browser, url), _training(browser, url)]
        browser.close()
    return tables


def _opening(browser: Browser, url: str) -> Table:
    table = Table(
        "Opening the page in Chromium",
        ("window", "largest paint", "blocking time", "layout shift, also while training"),
    )
    for width, height in ((1280, 800), (390, 844)):
        with _opened(browser, url, "", width, height) as page:
            time.sleep(2)
            paint = page.evaluate("() => window.vitals.paint")
            blocking = page.evaluate(
                "() => window.vitals.tasks.reduce((sum, [, duration]) => sum + Math.max(0, duration - 50), 0)"
            )
            page.locator("#play").click()
            time.sleep(4)
            shift = page.evaluate("() => window.vitals.shift")
            table.add(f"{width}×{height}", f"{paint:.0f} ms", f"{blocking:.0f} ms", f"{shift:.4f}")
    return table


def _training(browser: Browser, url: str) -> Table:
    table = Table(
        "At full speed with a page open in Chromium",
        (
            "network",
            "charts",
            "epochs/s",
            "wanted",
            "the reference",
            "painted frames/s (≥ 15)",
            "longest task (≤ 100 ms)",
            "click to changed picture, p95 (≤ 100 ms)",
        ),
    )
    for work, wanted, reference in zip(WORKS, _WANTED, _REFERENCE, strict=True):
        for charts, query in (("as usual", work.query), ("every one", f"{work.query}&{EVERY_CHART}".strip("&"))):
            with _opened(browser, url, query) as page, httpx.Client(base_url=url, timeout=30) as client:
                epochs, painted, longest = _at_full_speed(page, client)
                clicks = sorted(_clicks(page))
                p95 = clicks[int(0.95 * (len(clicks) - 1))]
                table.add(
                    work.name,
                    charts,
                    f"{epochs:,.0f}",
                    f"≥ {wanted:,}",
                    str(reference),
                    f"{painted:.0f}",
                    f"{longest:.0f} ms",
                    f"{p95:.0f} ms",
                )
    return table


@contextmanager
def _opened(browser: Browser, url: str, query: str, width: int = 1280, height: int = 800) -> Generator[Page]:
    """A page whose run need not wait for a compile. The run is deleted in the end."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.add_init_script(_SCRIPT)
    page.goto(f"{url}/?{query}")
    page.locator("#status[data-status=created]").wait_for(timeout=60_000)
    yield page
    run = _run(page)
    page.close()
    httpx.delete(f"{url}/api/v1/runs/{run}")


def _run(page: Page) -> str:
    return page.locator("#lab").get_attribute("data-run") or ""


def _at_full_speed(page: Page, client: httpx.Client) -> tuple[float, float, float]:
    """Epochs and painted frames a second, and the longest task of the main thread in milliseconds."""
    run = f"/api/v1/runs/{_run(page)}"
    for command in ({"type": "speed", "epochs_per_second": None}, {"type": "play"}):
        client.post(f"{run}/commands", json=command).raise_for_status()
    time.sleep(4)  # until every chart has found its library and drawn once
    page.evaluate("() => window.watchFrames()")
    page.evaluate("() => { window.vitals.tasks.length = 0; window.vitals.painted = 0; }")
    began, first = time.perf_counter(), client.get(run).json()["epoch"]
    time.sleep(_SECONDS)
    epochs = client.get(run).json()["epoch"] - first
    seconds = time.perf_counter() - began
    painted = page.evaluate("() => window.vitals.painted")
    return epochs / seconds, painted / seconds, page.evaluate(_LONGEST_TASK)


def _clicks(page: Page) -> list[float]:
    """Milliseconds from each click to the changed picture, at full speed."""
    times: list[float] = []
    for _ in range(3):
        for selector, values in _CLICKS:
            for value in values:
                times.append(
                    page.evaluate("([selector, value]) => window.clickToPicture(selector, value)", [selector, value])
                )
                time.sleep(0.3)
    return times
