"""The page of all runs as its tests drive it."""

from playwright.sync_api import Locator, Page

from tests.browser.lab import SCREENSHOTS

SMALL = "network.layers.0.units=4"


def make(page: Page, *, epochs: int = 20, **experiment: object) -> str:
    """A run of the page's visitor that has trained; returns its id."""
    run = page.request.post("/api/v1/runs", data=experiment).json()["id"]
    step = {"type": "step", "unit": "epoch", "count": epochs}
    assert page.request.post(f"/api/v1/runs/{run}/commands", data=step).ok
    return run


def label(page: Page, run: str, **label: object) -> None:
    assert page.request.patch(f"/api/v1/runs/{run}/label", data=label).ok


def card(page: Page, run: str) -> Locator:
    return page.locator(f"#run-{run}")


def names(page: Page) -> list[str]:
    return page.locator(".run-name").all_inner_texts()


def shoot(page: Page, name: str, *, full_page: bool = False) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)


def open_runs(page: Page, query: str = "") -> None:
    page.goto(f"/runs{query}")
    page.wait_for_function("() => [...document.querySelectorAll('time')].every((time) => time.title)")
