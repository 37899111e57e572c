"""The gallery, files and recent experiments, as a visitor uses them."""

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import Browser, Page, expect

from app.presets.library import presets
from app.presets.thumbnails import SIDE
from tests.browser.lab import Lab, open_lab

# The width of each canvas, and how many colours it has.
PICTURES = """canvases => canvases.map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.width, new Set(new Uint32Array(data.buffer)).size];
})"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}


def open_gallery(lab: Lab) -> None:
    lab.page.locator("#open-gallery").click()
    expect(lab.page.locator("#gallery-presets li")).to_have_count(len(presets()))


def axe(page: Page) -> str:
    results: Any = Axe().run(page, context="#gallery", options=RULES)  # pyright: ignore[reportUnknownMemberType]
    return results.generate_report() if results.violations_count else ""


def test_a_preset_is_found_and_opened_in_the_same_run(page: Page) -> None:
    lab = open_lab(page)
    run_id = lab.run_id
    open_gallery(lab)
    pictures = page.locator("#gallery-presets .gallery-picture canvas:first-child")
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
    sides, shades = zip(*pictures.evaluate_all(PICTURES), strict=True)
    assert sides.count(SIDE) >= 29, "the maps; presets of pictures show some of these"
    assert sum(count > 1 for count in shades) > 20, "a network that fails may answer the same everywhere, few do"
    shown = page.locator("#gallery-presets li:visible")
    page.get_by_role("radio", name="Overfitting").check(force=True)
    expect(shown).to_have_count(6)
    page.locator("#gallery-search").fill("stop VALIDATION")
    expect(shown).to_have_count(1)
    page.locator("#gallery-search").fill("zebra")
    expect(page.locator("#gallery-none")).to_be_visible()
    page.locator("#gallery-search").fill("")
    assert axe(page) == ""
    lab.shoot("gallery")

    page.get_by_role("link", name="Dropout: never rely on one neuron").click()
    expect(page.locator("#gallery")).to_be_hidden()
    expect(page.locator("#lesson")).to_contain_text("What to try")
    lab.expect_setting("network.layers.1.dropout", 0.3)
    assert lab.run_id == run_id
    page.wait_for_function("() => location.search.includes('dropout=0.3')")
    boxes = [page.locator(selector).bounding_box() for selector in ("#lesson", "#network", "#output", ".data")]
    lesson, *others = (box for box in boxes if box)
    assert all(
        lesson["y"] >= other["y"] + other["height"] or lesson["x"] >= other["x"] + other["width"] for other in others
    )

    # Its note stays while one tries what it suggests, and one step back is the experiment before.
    lab.choose("training.regularization.l2", "0.03")
    lab.expect_setting("training.regularization.l2", 0.03)
    expect(page.locator("#lesson")).to_be_visible()
    page.locator("#lesson-close").click()
    expect(page.locator("#lesson")).to_be_hidden()
    for _ in range(2):
        lab.command(type="undo")
    lab.expect_setting("data.noise", 0)
    assert lab.noise == []


def test_a_preset_begins_anew_while_it_plays(page: Page) -> None:
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(30)
    open_gallery(lab)
    page.get_by_role("link", name="Momentum: a rolling ball").click()
    lab.expect_setting("training.optimizer.kind", "momentum")
    run = lab.run()
    assert run["origin"] == run["revision"] == 1, "although the network is the same"
    assert run["playing"]


def test_the_gallery_works_by_keyboard_and_on_a_phone(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    lab = open_lab(page)
    page.locator("#open-gallery").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gallery-presets li")).to_have_count(len(presets()))
    assert page.evaluate("document.querySelector('#gallery').scrollWidth <= innerWidth")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#recents-none")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.locator("#gallery-search").focus()
    page.keyboard.type("iris")
    expect(page.locator("#gallery-presets li:visible")).to_have_count(1)
    link = page.get_by_role("link", name="Real flowers")
    link.focus()
    assert axe(page) == ""
    lab.shoot("gallery-phone")
    page.keyboard.press("Enter")
    lab.expect_setting("data.kind", "iris")
    expect(page.locator("#lesson")).to_be_in_viewport()
    assert lab.noise == []
    context.close()


def test_a_file_is_saved_and_opened_again(page: Page, tmp_path: Path) -> None:
    points = [[index / 50, index % 7, "ab"[index % 2]] for index in range(250)]
    own = {"kind": "points", "columns": ["width", "height", "species"], "points": points}
    lab = open_lab(page)
    offer(page, "own.json", json.dumps({"data": own, "seed": 3}))
    lab.expect_setting("data.kind", "points")
    lab.expect_setting("seed", 3)
    page.locator("#file-button").click()
    with page.expect_download() as download:
        page.locator("#save-file").click()
    assert download.value.suggested_filename == "own-points-4-2-tanh-sgd.json"
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text())["data"]["points"] == points

    before = lab.run()
    offer(page, "bad.json", '{"data": {"noise": 99}, "network": {"layers": [{"units": 0}]}}')
    problem = page.locator("#file-problem")
    expect(problem).to_contain_text("data.noise")
    expect(problem).to_contain_text("network.layers.0.units")
    problem.get_by_role("button", name="Close").click()
    offer(page, "broken.json", '{\n"data": ')
    expect(problem).to_contain_text("line 2")
    page.keyboard.press("Escape")
    expect(problem).to_be_hidden()
    assert lab.run()["experiment"] == before["experiment"]
    # Chromium tells of every refused request by itself.
    assert [line for line in lab.noise if "status of 4" not in line] == []

    drop(page, "dropped.json", '{"data": {"kind": "xor"}}')
    lab.expect_setting("data.kind", "xor")
    page.locator("#file-button").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Learning curve").click()
    assert download.value.suggested_filename == "history.csv"


def offer(page: Page, name: str, text: str) -> None:
    page.locator("#open-file").set_input_files({"name": name, "mimeType": "application/json", "buffer": text.encode()})


def drop(page: Page, name: str, text: str) -> None:
    page.evaluate(
        """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name, { type: "application/json" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, text],
    )


def test_what_was_trained_is_remembered_and_reopened(page: Page) -> None:
    lab = open_lab(page, "data.kind=xor&network.layers.0.units=5")
    lab.play()
    page.wait_for_function("() => localStorage.recents", timeout=20_000)
    lab.pause()
    lab.page.goto("/?data.kind=moons")
    lab.status("created")
    open_gallery(lab)
    page.get_by_role("radio", name="Recent").check(force=True)
    expect(page.locator("#recents li")).to_have_count(1)
    expect(page.locator("#recents li")).to_contain_text("loss 0.")
    assert axe(page) == ""
    lab.shoot("gallery-recent")
    page.get_by_role("link", name="Exclusive or · 5 Tanh · SGD").click()
    lab.expect_setting("data.kind", "xor")
    lab.expect_setting("network.layers.0.units", 5)
    expect(page.locator("#lesson")).to_be_hidden()
    page.locator("#open-gallery").click()
    page.get_by_role("button", name="Forget Exclusive or · 5 Tanh · SGD").click()
    expect(page.locator("#recents-none")).to_be_visible()
    assert lab.noise == []


@pytest.mark.parametrize("fault", ["get", "set"])
def test_without_storage_all_else_works(page: Page, fault: str) -> None:
    page.add_init_script(
        f"Storage.prototype.{fault}Item = () => {{ throw new DOMException('no', 'QuotaExceededError'); }};"
    )
    lab = open_lab(page)
    lab.play()
    lab.wait_for_epoch(120)
    open_gallery(lab)
    page.get_by_role("radio", name="Recent").check(force=True)
    expect(page.locator("#recents-none")).to_be_visible()
    assert lab.noise == []
