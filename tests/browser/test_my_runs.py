"""The page of all runs, as a visitor uses it: leave, come back, name, search, delete."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import open_lab
from tests.browser.runs import SMALL, card, make, names, open_runs, shoot
from tests.browser.test_looks import violations


@pytest.fixture
def page(public_page: Page) -> Page:
    return public_page


def test_somebody_leaves_and_comes_back_and_it_has_gone_on(page: Page) -> None:
    lab = open_lab(page, SMALL)
    run = lab.run_id
    lab.play()
    lab.wait_for_epoch(20)
    left = lab.epoch()
    expect(page.locator("#my-runs [data-training]")).to_have_text("1")
    page.locator("#my-runs").click()
    expect(card(page, run)).to_have_attribute("data-status", "running")
    words = card(page, run).locator("[data-words]")
    first = words.inner_text()
    expect(words).to_contain_text("Training · epoch")
    expect(words).not_to_have_text(first)  # it tells of more, by itself
    page.goto("/?seed=7")
    expect(page.locator("#my-runs [data-training]")).to_have_text("1")
    page.locator("#my-runs").click()
    card(page, run).get_by_role("link").first.click()
    lab.status("running")
    assert lab.run_id == run
    lab.wait_for_epoch(left + 60)
    assert re.search(r"/\?.*network\.layers\.0\.units=4", page.url), "the address holds the Experiment"
    lab.pause()
    assert lab.noise == []


def test_a_page_that_is_reloaded_or_come_back_to_has_its_run(page: Page) -> None:
    lab = open_lab(page, SMALL)
    run = lab.run_id
    lab.play()
    lab.wait_for_epoch(10)
    lab.pause()
    epoch = lab.epoch()
    page.reload()
    expect(page.locator(f"#lab[data-run='{run}']")).to_be_visible()
    expect(page.locator("#epoch")).to_have_text(str(epoch))
    page.goto(f"/?{SMALL}&seed=3")
    lab.status("created")
    page.go_back()
    expect(page.locator(f"#lab[data-run='{run}']")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#lab")).to_be_visible()
    assert other.locator("#lab").get_attribute("data-run") != run, "a fresh visit makes a fresh run"
    assert lab.noise == []


def test_runs_are_named_found_and_put_in_order(page: Page) -> None:
    rings, spiral, moons = (make(page, data={"kind": kind}) for kind in ("rings", "spiral", "moons"))
    open_runs(page)
    assert len(names(page)) == 3
    page.locator(f"#edit-{rings}").click()
    form = card(page, rings).locator(".run-edit")
    form.get_by_label("Name").fill("Saturn")
    form.get_by_label("Tags").fill("space, lesson 2, space")
    form.get_by_label("Notes").fill("Needs more neurons.\nTry ReLU.")
    page.keyboard.press("Tab")
    form.get_by_role("button", name="Save").press("Enter")
    expect(card(page, rings).locator(".run-tag")).to_have_text(["space", "lesson 2"])
    expect(card(page, rings).locator(".run-notes")).to_contain_text("Try ReLU.")
    expect(page.locator(f"#edit-{rings}")).to_be_focused()

    page.keyboard.press("/")
    page.keyboard.type("RELU sat")
    expect(page.locator(".run")).to_have_count(1)
    expect(page.locator("#runs-count")).to_contain_text("1 of 3 runs")
    expect(page).to_have_url(re.compile(r"search=RELU\+sat"))
    page.reload()
    assert names(page) == ["Saturn"]
    page.locator("#search").fill("zebra")
    expect(page.locator(".empty")).to_contain_text("Nothing fits")
    page.locator("#search").fill("")
    expect(page.locator(".run")).to_have_count(3)
    page.get_by_label("Tag", exact=True).select_option("space")
    expect(page.locator(".run")).to_have_count(1)
    page.get_by_label("Tag", exact=True).select_option("")
    expect(page.locator(".run")).to_have_count(3)
    page.get_by_label("Order").select_option("name")
    expect(page.locator(".run-name").nth(1)).to_have_text("Saturn")
    page.get_by_label("Order").select_option("loss")
    expect(page).to_have_url(re.compile("sort=loss"))
    losses = [float(text.rpartition("loss ")[2]) for text in page.locator("[data-words]").all_inner_texts()]
    assert losses == sorted(losses)
    page.get_by_label("Status").select_option("training")
    expect(page.locator(".run")).to_have_count(0)
    assert {rings, spiral, moons} == {run["id"] for run in page.request.get("/api/v1/runs").json()["runs"]}


def test_a_mistake_in_a_label_keeps_what_was_typed(page: Page) -> None:
    run = make(page)
    open_runs(page)
    page.locator(f"#edit-{run}").click()
    form = card(page, run).locator(".run-edit")
    form.get_by_label("Tags").fill("x" * 60)
    form.get_by_label("Notes").fill("Long thoughts")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("tags.0")
    expect(form.get_by_label("Notes")).to_have_value("Long thoughts")
    page.locator("#search").fill("x")  # the list is rendered anew
    page.locator("#search").fill("")
    expect(page.locator(".run")).to_have_count(1)
    page.keyboard.press("Escape")


def test_many_are_deleted_and_brought_back_by_keyboard(page: Page) -> None:
    runs = [make(page, seed=seed, epochs=1) for seed in range(4)]
    open_runs(page)
    boxes = page.locator("#runs [name=run]")
    boxes.nth(1).focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("Control+a")
    expect(page.locator("#bulk-count")).to_have_text("4 selected")
    boxes.nth(0).uncheck()
    shoot(page, "runs-selected")
    assert violations(page) == []
    page.keyboard.press("Delete")
    expect(page.locator(".run")).to_have_count(1)
    toast = page.locator(".toast", has_text="3 runs in the bin.")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".run")).to_have_count(4)

    page.locator(f"#bin-{runs[0]}").click()
    expect(page.locator(".run")).to_have_count(3)
    assert page.evaluate("document.activeElement.name") == "run", "the focus is not lost"
    page.get_by_role("link", name="Bin").click()
    expect(page.locator(".run")).to_have_count(1)
    shoot(page, "runs-bin")
    assert violations(page) == []
    page.locator(f"#restore-{runs[0]}").click()
    expect(page.locator(".empty")).to_have_text("The bin is empty.")
    assert page.request.get(f"/api/v1/runs/{runs[0]}").json()["epoch"] == 1
    page.get_by_role("link", name="Back to my runs").click()
    expect(page.locator(".run")).to_have_count(4)
    page.wait_for_load_state()  # until then its buttons do nothing

    page.locator(f"#bin-{runs[1]}").click()
    expect(page.locator(".run")).to_have_count(3)
    open_runs(page, "?bin=true")
    page.locator(f"#purge-{runs[1]}").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".run")).to_have_count(1)
    page.locator(f"#purge-{runs[1]}").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove for good").click()
    expect(page.locator(".run")).to_have_count(0)
    assert page.request.post(f"/api/v1/runs/{runs[1]}/restore").status == 404


def test_as_many_runs_are_shown_after_an_action_as_before(page: Page) -> None:
    runs = [make(page, seed=seed) for seed in range(4)]
    open_runs(page, "?shown=2")
    expect(page.locator(".run")).to_have_count(2)
    page.locator(f"#bin-{runs[3]}").click()
    expect(page.locator("#runs-count")).to_contain_text("3 runs")
    expect(page.locator(".run")).to_have_count(2)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".run")).to_have_count(3)
    page.locator(f"#bin-{runs[2]}").click()
    expect(page.locator(".run")).to_have_count(2)
    expect(page).to_have_url(re.compile("shown=62"))


def test_selected_runs_play_and_pause(page: Page) -> None:
    runs = [make(page, seed=seed, epochs=1) for seed in range(3)]
    open_runs(page)
    page.locator(f"#select-{runs[0]}").check()
    page.locator(f"#select-{runs[2]}").click(modifiers=["Shift"])
    expect(page.locator("#bulk-count")).to_have_text("3 selected")
    page.locator("#bulk").get_by_role("button", name="Play").click()
    expect(page.locator(".run[data-status=running]")).to_have_count(3)
    expect(page.locator("#runs-count")).to_contain_text("3 of 8 training at once")
    page.locator(f"#play-{runs[1]}").click()
    expect(card(page, runs[1])).to_have_attribute("data-status", "paused")
    page.locator("#bulk").get_by_role("button", name="Pause").click()
    expect(page.locator(".run[data-status=running]")).to_have_count(0)


def test_nothing_yet_is_a_page_that_teaches(page: Page) -> None:
    open_runs(page)
    expect(page.locator(".runs-none")).to_contain_text("Nothing here yet")
    shoot(page, "runs-none")
    assert violations(page) == []
    page.get_by_role("link", name="Start an experiment").click()
    expect(page.locator("#lab")).to_be_visible()
