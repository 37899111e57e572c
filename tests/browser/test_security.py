"""The page as a browser guards it: it keeps to its own policy, and on a server for many it is known by its cookie."""

from typing import get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.lab.view import Chart
from tests.browser.lab import open_lab

CHARTS: tuple[str, ...] = get_args(Chart)
LISTEN = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@pytest.fixture
def guarded(page: Page) -> Page:
    """A page that keeps what its content security policy has forbidden it."""
    page.add_init_script(LISTEN)
    return page


def violations(page: Page) -> list[str]:
    return page.evaluate("window.violations")


def test_the_lab_with_every_chart_keeps_to_its_policy(guarded: Page) -> None:
    lab = open_lab(guarded, f"data.kind=blobs&data.classes=3&view.charts={','.join(CHARTS)}")
    lab.play()
    lab.wait_for_epoch(20)
    for name in CHARTS:
        card = guarded.locator(f".chart-card[data-chart={name}]")
        card.scroll_into_view_if_needed()
        if name == "landscape":
            guarded.get_by_role("button", name="Draw it from here").click()
        expect(card.locator(".main-svg, canvas").first).to_be_attached(timeout=60_000)
    guarded.locator(".chart-card[data-chart=surface] canvas").first.wait_for()
    lab.choose("training.optimizer.kind", "adam")
    lab.expect_setting("training.optimizer.kind", "adam")
    guarded.keyboard.press("Escape")
    assert violations(guarded) == []


def test_a_chart_is_saved_as_a_picture_within_the_policy(guarded: Page) -> None:
    lab = open_lab(guarded, "view.charts=loss,surface")
    lab.play()
    lab.wait_for_epoch(5)
    for name in ("loss", "surface"):
        card = guarded.locator(f".chart-card[data-chart={name}]")
        expect(card.locator(".main-svg").first).to_be_attached(timeout=60_000)
        card.locator("[data-opens=save]").click()
        with guarded.expect_download() as download:
            card.locator("[data-format=png]").click()
        assert download.value.suggested_filename.endswith(".png")
        guarded.keyboard.press("Escape")
    assert violations(guarded) == []


@pytest.mark.parametrize("path", ["/api/v1/docs", "/nowhere"])
def test_the_other_pages_keep_to_their_policy(guarded: Page, path: str) -> None:
    guarded.goto(path)
    expect(guarded.locator("h1").first).to_be_visible()
    assert violations(guarded) == []


def test_a_script_that_got_into_the_page_does_not_run(guarded: Page) -> None:
    open_lab(guarded)
    guarded.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.broken = true";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.broken = true">');
    }""")
    guarded.wait_for_timeout(300)
    assert guarded.evaluate("window.broken") is None
    assert len(violations(guarded)) == 2


def test_two_visitors_work_side_by_side(browser: Browser, public_url: str) -> None:
    first, second = (browser.new_context(base_url=public_url).new_page() for _ in range(2))
    labs = [open_lab(page) for page in (first, second)]
    for lab in labs:
        lab.choose("training.optimizer.kind", "adam")
        lab.expect_setting("training.optimizer.kind", "adam")
        lab.play()
        lab.wait_for_epoch(5)
        assert lab.noise == []
    assert second.request.get(f"/api/v1/runs/{labs[0].run_id}").status == 404
    for page in (first, second):
        page.context.close()


def test_a_page_that_is_loaded_again_is_the_same_visitor_s(browser: Browser, public_url: str) -> None:
    page = browser.new_context(base_url=public_url).new_page()
    lab = open_lab(page)
    before = lab.run_id
    page.reload()
    lab.status("created")
    assert page.request.get(f"/api/v1/runs/{before}").status == 200
    page.context.close()


EVIL = """
<form method="post" enctype="text/plain" action="{address}">
  <input name='{{"type": "play", "x' value='": 1}}'>
</form>
<script>document.forms[0].submit()</script>
"""


def test_a_page_of_another_site_changes_nothing(browser: Browser, public_url: str) -> None:
    context = browser.new_context(base_url=public_url)
    run_id = open_lab(context.new_page()).run_id
    address = f"{public_url}/api/v1/runs/{run_id}/commands"
    evil = context.new_page()
    page = EVIL.format(address=address)
    evil.route("http://evil.example/", lambda route: route.fulfill(content_type="text/html", body=page))
    with evil.expect_response(address) as answer:
        evil.goto("http://evil.example/")
    assert answer.value.status == 403
    assert context.request.get(f"/api/v1/runs/{run_id}").json()["playing"] is False
    context.close()
