"""The server stops under the eyes of a page, and comes back: with its runs, or without them."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.lab import Lab, open_lab
from tests.servers import free_port, running_server

# What the test does not need is not compiled, twice.
QUICK = {"NNPLAY_WARM_UP": "false"}


def test_a_page_outlives_its_server(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with running_server(tmp_path, QUICK, port) as server:
        context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        lab = open_lab(page, "data.kind=xor&view.test_points=true", status="created")
        lab.choose("training.optimizer.kind", "adam")
        lab.expect_setting("training.optimizer.kind", "adam")
        page.locator("#speed").select_option("100")
        lab.play()
        lab.wait_for_epoch(60)
        run = lab.run_id

    lab.status("lost")
    expect(page.locator(".toast-problem")).to_contain_text("Everything you built is kept")
    seen = lab.epoch()
    lab.choose("training.optimizer.learning_rate", "0.1")
    lab.choose("training.regularization.l2", "0.01")
    expect(page.locator("#status")).to_contain_text("2 changes kept")
    lab.shoot("server-away")

    with running_server(tmp_path, QUICK, port):
        lab.status("running")
        expect(page.locator(".toast-problem")).to_have_count(0)
        lab.expect_setting("training.optimizer.learning_rate", 0.1)
        lab.expect_setting("training.regularization.l2", 0.01)
        assert lab.run_id == run
        _plays_on(lab, seen)
        seen = lab.epoch()
    lab.status("lost")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with running_server(elsewhere, QUICK, port):
        lab.status("running")
        assert lab.run_id != run
        _plays_on(lab, seen)
        expect(lab.control("training.regularization.l2")).to_have_value("0.01")
    context.close()


def _plays_on(lab: Lab, seen: int) -> None:
    lab.wait_for_epoch(seen + 1)
    run = lab.run()
    assert run["playing"]
    assert run["speed"] == 100
    assert run["epoch"] >= seen
    assert run["resolved"]["training"]["optimizer"]["kind"] == "adam"
    assert "view.test_points=true" in lab.page.url
