"""The address is the save file; points of one's own come in by text or file."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, open_lab


def test_an_address_opens_the_same_experiment_elsewhere(page: Page, browser: Browser, base_url: str) -> None:
    lab = open_lab(page, "data.kind=moons&seed=5")
    lab.choose("training.optimizer.kind", "adam")
    lab.expect_setting("training.optimizer.kind", "adam")
    page.get_by_role("button", name="Add a hidden layer").click()
    expect(page.locator(".layer")).to_have_count(3)
    page.wait_for_function("() => location.search.includes('network.layers.2.units')")

    elsewhere = browser.new_context(base_url=base_url)
    other = open_lab(elsewhere.new_page(), page.url.split("?", 1)[1])
    assert other.run_id != lab.run_id
    assert other.run()["experiment"] == lab.run()["experiment"]
    for resource in ("data", "parameters"):
        assert contents(other, resource) == contents(lab, resource)
    for either in (lab, other):
        either.command(type="step", unit="epoch", count=150)
    assert other.run()["metrics"] == lab.run()["metrics"]
    assert contents(other, "parameters") == contents(lab, "parameters")
    for either in (lab, other):
        either.wait_for_epoch(150)
    assert other.loss() == lab.loss()
    elsewhere.close()


def contents(lab: Lab, resource: str) -> bytes:
    """What the server answers for a resource of the run."""
    return lab.page.request.get(f"/api/v1/runs/{lab.run_id}/{resource}").body()


def test_the_default_experiment_has_the_bare_address(page: Page) -> None:
    lab = open_lab(page)
    lab.choose("training.optimizer.kind", "adam")
    page.wait_for_url("**/?training.optimizer.kind=adam")
    lab.choose("training.optimizer.kind", "sgd")
    page.wait_for_function("() => location.search === ''")


def test_an_address_that_cannot_be_read_says_what_was_wrong(page: Page) -> None:
    lab = open_lab(page, "data.kind=cube&training.batch_size=0&colour=red")
    problem = page.locator("#address-problem")
    for name in ("data.kind", "training.batch_size", "colour"):
        expect(problem).to_contain_text(name)
    lab.shoot("bad-address")
    problem.get_by_role("button", name="Dismiss").click()
    expect(problem).to_have_count(0)
    lab.play()
    lab.wait_for_epoch(1)


def test_pasted_points_are_learnt_and_stand_in_the_address(page: Page) -> None:
    lab = open_lab(page)
    page.get_by_role("button", name="Own points").click()
    area = page.get_by_label("Points as CSV")
    area.fill("1,1,a\n2,two,b")
    page.get_by_role("button", name="Use these points").click()
    expect(page.locator("#own-error")).to_contain_text("line 2")
    lab.shoot("own-points-mistake")
    area.fill("\n".join(f"{x},{y},{int(x > y)}" for x in range(-3, 4) for y in range(-3, 4)))
    page.get_by_role("button", name="Use these points").click()
    lab.expect_setting("data.kind", "points")
    expect(page.locator("#p-own")).not_to_be_visible()
    page.wait_for_function("() => location.search.includes('data.points=')")
    expect(page.locator(".counts")).to_contain_text("24 training")
    lab.play()
    lab.wait_for_epoch(3)


def test_a_file_of_points_is_shown_before_it_is_used(page: Page, tmp_path: Path) -> None:
    lab = open_lab(page)
    file = tmp_path / "points.csv"
    file.write_text("x,y,target\n" + "\n".join(f"{x},{x / 2},{x * 0.37}" for x in range(300)))
    page.get_by_role("button", name="Own points").click()
    page.locator("#own-file").set_input_files(file)
    expect(page.get_by_label("Points as CSV")).to_have_value(file.read_text())
    page.get_by_role("button", name="Use these points").click()
    lab.expect_setting("data.kind", "points")
    assert lab.setting("data.dataset")
    expect(page.locator(".metrics thead")).to_contain_text("R²")
