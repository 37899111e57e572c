"""A visitor trains a network: play, pause, step, reset, speed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import NUMBER, layers, open_lab


def test_the_page_opens_quietly_and_fits_its_window(page: Page) -> None:
    lab = open_lab(page)
    expect(page.locator("td").first).to_have_text(NUMBER)
    expect(page.locator(".legend li")).to_have_count(2)
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert (width, height) == (1280, 800)
    assert lab.noise == []


def test_play_moves_the_counter_and_lowers_the_loss(page: Page) -> None:
    lab = open_lab(page, "data.kind=gaussian")
    before = lab.loss()
    lab.play()
    lab.wait_for_epoch(20)
    assert lab.loss() < before / 2
    assert lab.loss("test") < before / 2
    expect(page.locator("[data-chart=loss] .scatterlayer .trace")).to_have_count(2)
    expect(page.locator("[data-chart=loss] [data-plot]")).to_have_attribute(
        "aria-label", re.compile("^Loss. Over .* epochs: Training from")
    )
    assert lab.noise == []


def test_pause_holds(page: Page) -> None:
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(3)
    lab.pause()
    held = lab.run()["step"]
    page.wait_for_timeout(300)
    assert lab.run()["step"] == held


def test_space_plays_and_pauses_but_not_while_typing(page: Page) -> None:
    lab = open_lab(page)
    page.locator("body").press("Space")
    lab.status("running")
    page.locator("body").press("Space")
    lab.status("paused")
    lab.control("training.batch_size").press("Space")
    page.wait_for_timeout(300)
    lab.status("paused")


def test_a_step_goes_as_far_as_its_menu_says(page: Page) -> None:
    lab = open_lab(page)
    page.locator("#step").click()
    lab.status("paused")
    expect(page.locator("#epoch")).to_have_text("1")
    assert lab.run()["step"] == 25
    page.get_by_role("button", name="How far a step goes").click()
    page.get_by_label("1 batch").check()
    expect(page.locator("[data-step-label]")).to_have_text("1 batch")
    page.locator("#step").click()
    expect(page.locator(".status-detail")).to_have_text("Step 26")
    expect(page.locator("[data-step-label]")).to_have_text("1 batch")


def test_reset_returns_to_the_first_weights(page: Page) -> None:
    lab = open_lab(page)
    before = lab.run()["metrics"]
    lab.play()
    lab.wait_for_epoch(5)
    lab.pause()
    page.locator("#reset").click()
    lab.status("created")
    expect(page.locator("#epoch")).to_have_text("0")
    assert lab.run()["metrics"] == before


def test_full_speed_is_faster_than_the_page_s_first_speed(page: Page) -> None:
    lab = open_lab(page)
    page.locator("#speed").select_option("")
    lab.play()
    lab.wait_for_epoch(1_000)
    assert lab.run()["speed"] is None


def test_the_buttons_answer_before_the_server_does(page: Page) -> None:
    open_lab(page)
    # A button's own listeners run first: htmx has sent "play" when the page shows "pause".
    value = page.evaluate(
        """() => new Promise((resolve) => {
          const play = document.getElementById("play");
          play.click();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(play.value)));
        })"""
    )
    assert value == "pause"


def test_nothing_moves_while_it_trains(page: Page) -> None:
    lab = open_lab(page, "data.kind=spiral")
    lab.play()
    lab.wait_for_epoch(10)
    page.evaluate(
        """() => {
          window.shift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shift += entry.value;
          }).observe({ type: "layout-shift" });
        }"""
    )
    page.locator("#speed").select_option("")
    lab.wait_for_epoch(3_000)
    assert page.evaluate("window.shift") == 0


def test_what_diverges_says_where_and_what_to_do(page: Page) -> None:
    lab = open_lab(page, f"data.kind=plane&training.optimizer.learning_rate=100&{layers(4, activation='linear')}")
    page.locator("#play").click()
    lab.status("diverged")
    expect(page.locator(".status-title")).to_contain_text("Diverged at step")
    expect(page.locator(".toast-problem")).to_contain_text("learning rate")
    lab.shoot("diverged")
    lab.choose("training.optimizer.learning_rate", "0.01")
    page.locator("#reset").click()
    lab.status("created")
    expect(page.locator(".toast-problem")).to_have_count(0)
    lab.play()
    lab.wait_for_epoch(3)


def test_a_run_that_was_deleted_is_made_anew_from_the_address(page: Page) -> None:
    lab = open_lab(page, "data.kind=xor")
    gone = lab.run_id
    assert page.request.delete(f"/api/v1/runs/{gone}").ok
    page.wait_for_function("gone => document.getElementById('lab').dataset.run !== gone", arg=gone, timeout=30_000)
    lab.status("created")
    assert lab.setting("data.kind") == "xor"
    lab.play()
    lab.wait_for_epoch(2)
