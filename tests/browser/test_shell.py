"""What stands around the lab: undo, sharing, texts about controls, shortcuts, first steps, appearance."""

from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import open_lab

LEARNING_RATE = "training.optimizer.learning_rate"
PALETTES = ["Purple and green", "Green and vermilion", "Greys"]


def violations(page: Page) -> list[str]:
    results: Any = Axe().run(page)  # pyright: ignore[reportUnknownMemberType]
    found = cast(list[dict[str, Any]], results.response["violations"])
    return [f"{item['id']}: {node['target']}" for item in found for node in item["nodes"]]


def test_changes_are_taken_back_and_made_again(page: Page) -> None:
    lab = open_lab(page)
    undo, redo = page.locator("#undo"), page.locator("#redo")
    expect(undo).to_be_disabled()
    lab.choose(LEARNING_RATE, "0.3")
    expect(undo).to_be_enabled()
    assert "earning rate" in (undo.get_attribute("title") or "")
    lab.choose("training.optimizer.kind", "adam")
    lab.expect_setting("training.optimizer.kind", "adam")
    undo.click()
    lab.expect_setting("training.optimizer.kind", "sgd")
    expect(lab.control("training.optimizer.kind")).to_have_value("sgd")
    lab.control(LEARNING_RATE).focus()
    page.keyboard.press("Control+z")
    lab.expect_setting(LEARNING_RATE, 0.03)
    expect(lab.control(LEARNING_RATE)).to_have_value("0.03")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    lab.expect_setting(LEARNING_RATE, 0.3)
    redo.click()
    lab.expect_setting("training.optimizer.kind", "adam")
    expect(redo).to_be_disabled()
    assert lab.noise == []


def test_a_teacher_shares_a_page_with_fewer_controls(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    lab = open_lab(page, "data.kind=xor")
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_text("Hide controls for my pupils").click()
    for name in ("Noise", "Step", "Learning rate", "Charts"):
        page.locator("#share").get_by_label(name, exact=True).check()
    assert violations(page) == []
    lab.shoot("share")
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link")).to_contain_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/?data.kind=xor&view.hide=step,data.noise,training.optimizer.learning_rate,charts")

    pupil = context.new_page()
    pupil.goto(link)
    expect(pupil.locator("#play")).to_be_visible()
    for gone in ("#step", "#f-data-noise", f"[name='{LEARNING_RATE}']", "[data-toggle=loss]"):
        expect(pupil.locator(gone)).not_to_be_visible()
    pupil.locator("#kind-of-gaussian").check(force=True)
    pupil.wait_for_url("**view.hide=step**")
    expect(pupil.locator("#f-data-noise")).to_have_count(0)
    context.close()


def test_every_control_explains_itself_and_keys_press_them(page: Page) -> None:
    lab = open_lab(page)
    about = page.locator("#about")
    page.get_by_role("button", name="About Batch size").click()
    expect(about).to_be_visible()
    expect(about.get_by_role("heading")).to_have_text("Batch size")
    expect(about).to_contain_text("Try this")
    assert violations(page) == []
    lab.shoot("about")
    page.get_by_role("button", name="About Learning rate").click()
    expect(about.get_by_role("heading")).to_have_text("Learning rate")
    page.keyboard.press("Escape")
    expect(about).not_to_be_visible()

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help kbd", has_text="Space")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("s")  # not behind a dialog
    page.keyboard.press("Escape")
    assert lab.epoch() == 0
    page.keyboard.press("s")
    lab.wait_for_epoch(1)
    page.keyboard.press("r")
    expect(page.locator("#epoch")).to_have_text("0")
    page.keyboard.press("t")
    expect(page.locator("#show-test")).to_be_checked()
    seed = lab.control("seed").input_value()
    page.keyboard.press("n")
    expect(lab.control("seed")).not_to_have_value(seed)
    lab.control("seed").focus()
    page.keyboard.press("+")
    expect(page.locator(".layer")).to_have_count(2)


def test_a_first_visit_is_shown_around_once(page: Page) -> None:
    open_lab(page)
    hints, tour = page.locator("#hints"), page.locator("#tour")
    expect(hints).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") == 800
    hints.get_by_role("button", name="Show me around").click()
    expect(tour).to_contain_text("1 of 6")
    assert violations(page) == []
    for step in range(2, 7):
        tour.locator("[data-tour-next]").click()
        expect(tour).to_contain_text(f"{step} of 6")
    expect(tour.locator("[data-tour-next]")).to_have_text("Done")
    page.keyboard.press("ArrowLeft")
    expect(tour).to_contain_text("5 of 6")
    page.keyboard.press("Escape")
    expect(tour).not_to_be_visible()
    expect(hints).not_to_be_visible()
    page.reload()
    expect(page.locator("#play")).to_be_visible()
    expect(hints).not_to_be_visible()
    page.keyboard.press("?")
    page.locator("#help").get_by_role("button", name="Show me around").click()
    expect(tour).to_be_visible()


def test_the_lab_of_pictures_is_shown_and_explained_in_its_own_words(page: Page) -> None:
    open_lab(page, "family=cnn")
    tour, about = page.locator("#tour"), page.locator("#about")
    page.locator("#hints").get_by_role("button", name="Show me around").click()
    told: list[str] = []
    while tour.is_visible():
        told.append(tour.locator("#tour-title").inner_text())
        tour.locator("[data-tour-next]").click()
    assert told == ["Pictures", "Layers", "What it sees", "Training", "Play", "Output", "Charts"]
    page.get_by_role("button", name="About datasets").click()
    expect(about).to_contain_text("The pictures that the network learns from")
    page.get_by_role("button", name="About this view").click()
    expect(about).to_contain_text("Counts what is taken for what")
    assert violations(page) == []


def test_a_message_stands_away_from_what_it_speaks_of(page: Page) -> None:
    open_lab(page)
    tell = "() => import('/static/js/elements/toasts.js').then(({ toast }) => toast('Words', 'note'))"
    for control, below in (("#regenerate", False), ("#play", True)):
        page.locator(control).focus()
        page.evaluate(tell)
        box = page.locator(".toast").bounding_box()
        assert box
        assert (box["y"] > 400) is below
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_colours_are_chosen_drawn_and_remembered(page: Page, theme: str) -> None:
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(10)
    lab.pause()
    pixel = "() => document.querySelector('.plot-map').getContext('2d').getImageData(50, 50, 1, 1).data.join()"
    seen = {page.evaluate(pixel)}
    page.get_by_role("button", name="Appearance").click()
    page.get_by_label(theme, exact=True).check(force=True)
    for name in PALETTES:
        page.get_by_label(name).check()
        page.wait_for_timeout(200)
        seen.add(page.evaluate(pixel))
        assert violations(page) == []
    assert len(seen) >= 4
    lab.shoot(f"greys-{theme.lower()}")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    lab.status("paused")
    assert page.evaluate("document.documentElement.dataset.palette") == "monochrome"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    page.get_by_role("button", name="Appearance").click()
    expect(page.get_by_label("Greys")).to_be_checked()


def test_without_scripts_the_page_says_so(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".noscript")).to_be_visible()
    context.close()
