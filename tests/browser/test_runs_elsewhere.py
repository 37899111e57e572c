"""Runs that go elsewhere: as files, to other people, on other screens."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.lab import Lab, open_lab
from tests.browser.runs import SMALL, card, label, make, open_runs, shoot
from tests.browser.test_looks import PHONE, Scheme, violations


@pytest.fixture
def page(public_page: Page) -> Page:
    return public_page


def test_a_run_is_taken_away_and_brought_back_bit_for_bit(page: Page, tmp_path: Path) -> None:
    run = make(page, epochs=30, data={"kind": "spiral"})
    label(page, run, name="To take away")
    open_runs(page)
    with page.expect_download() as download:
        page.locator(f"#export-{run}").click()
    assert download.value.suggested_filename == "to-take-away.run.safetensors"
    file = tmp_path / "run.safetensors"
    download.value.save_as(file)
    page.locator("#import-file").set_input_files(file)
    expect(page.locator(".run")).to_have_count(2)
    expect(page.locator(".toast").last).to_contain_text("is back")
    (copy,) = {one["id"] for one in page.request.get("/api/v1/runs").json()["runs"]} - {run}
    bodies = [page.request.get(f"/api/v1/runs/{one}/parameters").body() for one in (run, copy)]
    assert bodies[0] == bodies[1]
    expect(card(page, copy).locator(".run-name")).to_have_text("To take away")

    bad = tmp_path / "holiday.jpg"
    bad.write_bytes(b"no run at all")
    drop(page, bad)
    problem = page.locator("#import-problem")
    expect(problem).to_contain_text("holiday.jpg cannot be brought back")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(problem).to_be_hidden()
    drop(page, file)
    expect(page.locator(".run")).to_have_count(3)


def drop(page: Page, file: Path) -> None:
    page.evaluate(
        """([name, bytes]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [file.name, list(file.read_bytes())],
    )


def test_somebody_else_watches_and_makes_a_copy(browser: Browser, page: Page, public_url: str) -> None:
    lab = open_lab(page, SMALL)
    run = lab.run_id
    lab.play()
    lab.wait_for_epoch(5)
    page.locator("#my-runs").click()
    page.wait_for_url("**/runs")
    page.wait_for_load_state()  # its scripts listen from then on
    page.locator(f"#share-{run}").click()
    expect(page.locator("#run-share-address")).to_have_value(re.compile(f"^{public_url}/shared/"))
    address = page.locator("#run-share-address").input_value()
    assert violations(page) == []
    page.get_by_role("button", name="Done").click()
    expect(card(page, run).locator(".run-shared")).to_be_visible()

    pupil = browser.new_context(base_url=public_url, viewport={"width": 1280, "height": 800})
    theirs = pupil.new_page()
    seen = Lab(theirs)
    theirs.goto(address)
    expect(theirs.locator(".reader")).to_contain_text("somebody else’s run")
    seen.wait_for_epoch(30)
    expect(theirs.locator("#play")).to_be_visible()
    assert theirs.evaluate("document.querySelector('#play').closest('[inert]') !== null")
    shoot(theirs, "reader")
    assert violations(theirs) == []
    theirs.keyboard.press("Space")
    expect(theirs.locator(".toast")).to_contain_text("shared with you to look at")
    assert page.request.get(f"/api/v1/runs/{run}").json()["playing"] is True
    theirs.reload()
    expect(theirs.locator(".reader")).to_be_visible()
    theirs.get_by_role("button", name="Make a copy").click()
    theirs.wait_for_url(re.compile(r"/\?"))
    assert seen.run_id != run
    expect(theirs.locator(".reader")).to_have_count(0)
    seen.play()
    seen.wait_for_epoch(40)

    page.locator(f"#share-{run}").click()
    page.get_by_role("button", name="Stop sharing").click()
    expect(card(page, run).locator(".run-shared")).to_have_count(0)
    theirs.goto(address)
    expect(theirs.locator(".problem")).to_contain_text("leads nowhere")
    pupil.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_looks(page: Page, scheme: Scheme, screen: str) -> None:
    size: ViewportSize = PHONE if screen == "phone" else {"width": 1280, "height": 800}
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    for kind in ("circle", "spiral", "xor", "blobs", "moons"):
        make(page, epochs=300, data={"kind": kind}, training={"optimizer": {"kind": "adam", "learning_rate": 0.03}})
    wild = make(page, training={"optimizer": {"kind": "sgd", "learning_rate": 0.03}})
    label(page, wild, name="A name that is much too long to be shown in one line of a card", tags=["lesson 3", "long"])
    label(page, wild, notes="What we saw in class: it learns the circle in a few seconds, and then nothing happens.")
    page.request.post(f"/api/v1/runs/{wild}/share")
    page.request.post(f"/api/v1/runs/{wild}/commands", data={"type": "play"})
    open_runs(page)
    expect(card(page, wild)).to_have_attribute("data-status", "running")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.run-picture canvas')].some((canvas) => canvas.width === 25)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    shoot(page, f"runs-{screen}-{scheme}", full_page=screen == "phone")
    assert violations(page) == []
    page.locator(f"#edit-{wild}").click()
    assert violations(page) == []
    shoot(page, f"runs-edit-{screen}-{scheme}")
    page.request.post(f"/api/v1/runs/{wild}/commands", data={"type": "pause"})
