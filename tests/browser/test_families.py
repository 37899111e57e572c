"""Another kind of network is one choice, with the controls that it has, and one undo away."""

from playwright.sync_api import Page, expect

from tests.browser.lab import open_lab


def test_the_perceptron_and_back(page: Page) -> None:
    lab = open_lab(page, "data.kind=xor&network.layers.0.units=3&training.optimizer.kind=adam")
    lab.choose("family", "perceptron")
    lab.expect_setting("family", "perceptron")
    lab.expect_setting("network.layers", [])
    expect(page.locator("#layer-add")).to_have_count(0)
    expect(lab.control("training.optimizer.kind")).to_have_count(0)
    expect(page.locator("[data-toggle=gradients]")).to_be_hidden()
    expect(page.locator("#diagnosis-button")).to_have_text("1")
    page.locator("#diagnosis-button").click()
    expect(page.locator("#diagnosis-panel")).to_contain_text("not linearly separable")
    page.keyboard.press("Escape")
    lab.command(type="step", unit="sample", count=40)
    expect(page.locator(".plot-lines path")).to_have_count(2)
    expect(page.locator("[data-part=train][data-metric=mistakes]")).not_to_have_text("0")
    lab.command(type="undo")
    lab.expect_setting("network.layers.0.units", 3)
    lab.expect_setting("training.optimizer.kind", "adam")
    expect(page.locator(".plot-lines path")).to_have_count(0)
    assert lab.noise == []


def test_what_only_pictures_need_is_fetched_when_pictures_are_chosen(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    lab = open_lab(page)
    assert not any("/elements/pictures/" in address for address in fetched)
    lab.choose("family", "cnn")
    expect(page.locator("main[data-sees=pictures]")).to_be_visible()
    page.wait_for_function("() => customElements.get('nn-stage')")
    assert any("/elements/pictures/" in address for address in fetched)
