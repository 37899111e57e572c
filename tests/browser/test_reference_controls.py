"""Every control of TensorFlow Playground, driven here as a visitor would: docs/reference-controls.md lists them."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.lab import Lab, layers, open_lab

RATES = ["0.00001", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"]
PENALTIES = ["0", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"]
# What a teacher can leave out there, by what it is called here, and what is gone then.
HIDABLE = {
    "test_points": "#show-test",
    "discretise": "#discretise",
    "play": "#play",
    "step": "#step",
    "reset": "#reset",
    "training.optimizer.learning_rate": "[name='training.optimizer.learning_rate']",
    "network.layers.activation": "[name='network.layers.0.activation']",
    "training.regularization.l1": "[name='training.regularization.l1']",
    "training.regularization.l2": "[name='training.regularization.l2']",
    "problem": ".segments",
    "data.kind": "[name='data.kind']",
    "data.train_fraction": "[name='data.train_fraction']",
    "data.noise": "[name='data.noise']",
    "training.batch_size": "[name='training.batch_size']",
    "layers": "#layer-add",
}


@pytest.fixture
def lab(page: Page) -> Lab:
    return open_lab(page)


def options(select: Locator) -> list[str]:
    return [option.get_attribute("value") or "" for option in select.locator("option").all()]


def parameters(lab: Lab) -> bytes:
    return lab.page.request.get(f"/api/v1/runs/{lab.run_id}/parameters").body()


def test_defaults(lab: Lab) -> None:
    resolved = lab.run()["resolved"]
    assert (resolved["data"]["kind"], resolved["data"]["samples"], resolved["data"]["noise"]) == ("circle", 500, 0)
    assert (resolved["data"]["features"], resolved["data"]["train_fraction"]) == (["x1", "x2"], 0.5)
    assert [layer["units"] for layer in resolved["network"]["layers"]] == [4, 2]
    assert {layer["activation"] for layer in resolved["network"]["layers"]} == {"tanh"}
    training = resolved["training"]
    assert (training["optimizer"]["kind"], training["optimizer"]["learning_rate"]) == ("sgd", 0.03)
    assert (training["batch_size"], training["regularization"]) == (10, {"l1": 0, "l2": 0})
    assert (training["loss"], resolved["network"]["output_activation"]) == ("half_squared_error", "tanh")
    expect(lab.page.locator("#show-test")).not_to_be_checked()
    expect(lab.page.locator("#discretise")).not_to_be_checked()


def test_play_and_pause(lab: Lab) -> None:
    lab.play()
    lab.wait_for_epoch(3)
    lab.pause()
    epoch = lab.epoch()
    lab.page.wait_for_timeout(300)
    assert lab.epoch() == epoch == lab.run()["epoch"]


def test_step_by_epoch_batch_and_sample(lab: Lab) -> None:
    page = lab.page
    page.locator("#step").click()
    lab.wait_for_epoch(1)
    assert lab.run()["step"] == 25
    for unit, step in (("batch", 26), ("sample", 27)):
        page.get_by_role("button", name="How far a step goes").click()
        page.locator(f"#step-menu [value={unit}]").check()
        page.locator("#step").click()
        page.wait_for_function(f"async () => (await (await fetch('/api/v1/runs/{lab.run_id}')).json()).step === {step}")


def test_reset_returns_to_the_same_weights(lab: Lab) -> None:
    first = parameters(lab)
    lab.page.locator("#step").click()
    lab.wait_for_epoch(1)
    assert parameters(lab) != first
    lab.page.locator("#reset").click()
    lab.status("created")
    assert parameters(lab) == first


def test_learning_rates_take_effect_without_a_reset(lab: Lab) -> None:
    lab.play()
    lab.wait_for_epoch(5)
    control = lab.control("training.optimizer.learning_rate")
    assert options(control) == RATES
    control.select_option("0.3")
    lab.expect_setting("training.optimizer.learning_rate", 0.3)
    assert lab.run()["epoch"] >= 5


def test_activation_of_every_layer(lab: Lab) -> None:
    for index in range(2):
        control = lab.control(f"network.layers.{index}.activation")
        assert {"tanh", "relu", "sigmoid", "linear"} <= set(options(control))
        control.select_option("sigmoid")
        lab.expect_setting(f"network.layers.{index}.activation", "sigmoid")


def test_regularisation_and_its_rates(lab: Lab) -> None:
    for kind in ("l1", "l2"):
        control = lab.control(f"training.regularization.{kind}")
        assert options(control) == PENALTIES
        control.select_option("0.03")
        lab.expect_setting(f"training.regularization.{kind}", 0.03)


def test_problem_type_and_datasets(lab: Lab) -> None:
    page = lab.page
    for problem, kinds, samples in (
        ("Regression", ("plane", "multi_gaussian"), 1200),
        ("Classification", ("circle", "xor", "gaussian", "spiral"), 500),
    ):
        page.locator(".segments").get_by_text(problem).click()
        lab.expect_setting("training.loss", "half_squared_error")
        expect(page.locator(".metrics thead")).to_contain_text("R²" if problem == "Regression" else "Accuracy")
        for kind in kinds:
            page.locator(f".kind:has([value={kind}])").click()
            lab.expect_setting("data.kind", kind)
            assert lab.setting("data.samples") == samples


def test_noise_share_and_batch_size(lab: Lab) -> None:
    noise, share, batch = (lab.control(path) for path in ("data.noise", "data.train_fraction", "training.batch_size"))
    assert [noise.get_attribute(name) for name in ("min", "max")] == ["0", "50"]
    noise.fill("50")
    lab.expect_setting("data.noise", 50)
    for text, value in (("0.1", 0.1), ("0.9", 0.9)):
        share.fill(text)
        lab.expect_setting("data.train_fraction", value)
    for text, value in (("1", 1), ("30", 30)):
        batch.fill(text)
        batch.blur()
        lab.expect_setting("training.batch_size", value)


def test_regenerate_draws_other_points_and_new_weights_draws_other_weights(lab: Lab) -> None:
    page = lab.page
    before = page.request.get(f"/api/v1/runs/{lab.run_id}/data").json()["x_train"]
    weights = parameters(lab)
    page.locator("#regenerate").click()
    expect(page.locator("#f-data-seed")).not_to_have_value("0")
    assert page.request.get(f"/api/v1/runs/{lab.run_id}/data").json()["x_train"] != before
    assert parameters(lab) == weights
    page.locator("#dice").click()
    expect(lab.control("seed")).not_to_have_value("0")
    assert parameters(lab) != weights


def test_input_features(lab: Lab) -> None:
    for name in ("x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"):
        lab.page.locator(".feature", has_text=name).click()
    lab.expect_setting("data.features", ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"])
    assert lab.setting("data.scaling") == "none"


def test_layers_and_neurons(page: Page) -> None:
    lab = open_lab(page, "network.layers=")
    for count in range(1, 7):
        page.get_by_role("button", name="Add a hidden layer").click()
        expect(page.locator(".layer")).to_have_count(count)
    lab.expect_setting("network.layers.5.units", 2)
    for _ in range(6):
        page.get_by_role("button", name="Add a neuron to layer 6").click()
    lab.expect_setting("network.layers.5.units", 8)
    page.get_by_role("button", name="Remove a neuron from layer 6").click()
    lab.expect_setting("network.layers.5.units", 7)
    page.get_by_role("button", name="Remove the last hidden layer").click()
    expect(page.locator(".layer")).to_have_count(5)


def test_test_points_and_discretise_do_not_disturb_the_run(lab: Lab) -> None:
    page = lab.page
    lab.page.locator("#step").click()
    lab.wait_for_epoch(1)
    revision = lab.run()["revision"]
    for box, name, canvas in (
        ("#show-test", "test_points", ".plot-points"),
        ("#discretise", "discretise", ".plot-map"),
    ):
        before = page.locator(canvas).screenshot()
        page.locator(box).check()
        page.wait_for_function(f"() => location.search.includes('view.{name}=true')")
        page.wait_for_timeout(100)
        assert page.locator(canvas).screenshot() != before
    assert lab.run()["revision"] == revision
    page.reload()
    lab.status("created")
    expect(page.locator("#show-test")).to_be_checked()
    expect(page.locator("#discretise")).to_be_checked()


def test_hovering_a_neuron_shows_its_map_large(lab: Lab) -> None:
    page = lab.page
    plot = page.locator(".plot-map")
    before = plot.screenshot()
    page.locator("#neuron-0-1").hover()
    expect(page.locator("[data-caption]")).to_contain_text("ayer 1, neuron 2")
    assert plot.screenshot() != before
    page.mouse.move(5, 5)
    expect(page.locator("[data-caption]")).to_be_hidden()
    assert plot.screenshot() == before


def test_maps_are_at_least_as_fine(lab: Lab) -> None:
    sizes = lab.page.evaluate(
        """() => [".plot-map", "#neuron-0-0"].map((name) => document.querySelector(name)).map((map) => map.width)"""
    )
    assert sizes[0] >= 100
    assert sizes[1] >= 10


def test_a_weight_and_a_bias_are_read_and_edited(lab: Lab) -> None:
    page = lab.page
    page.locator("#neuron-0-1").click()
    inspector = page.locator("#inspector")
    expect(inspector).to_be_visible()
    for label, name in (("Bias", "bias"), ("x₁", "weight")):
        field = inspector.get_by_label(label, exact=False).first
        field.fill("2.5")
        field.press("Enter")
        page.wait_for_timeout(200)
        assert lab.run()["undo"] == f"{name} of neuron 2 in layer 1"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.wait_for_function(f"async () => (await (await fetch('/api/v1/runs/{lab.run_id}')).json()).redo !== null")


def test_losses_are_shown_in_numbers_and_over_time(lab: Lab) -> None:
    lab.play()
    lab.wait_for_epoch(20)
    lab.pause()
    metrics = lab.run()["metrics"]
    for part in ("train", "test"):
        assert lab.loss(part) == pytest.approx(metrics[part]["loss"], abs=6e-5)
    expect(lab.page.locator(".js-plotly-plot .scatterlayer .trace").first).to_be_visible()


def test_everything_is_in_the_address(page: Page, browser: Browser, base_url: str) -> None:
    query = (
        "data.kind=spiral&data.noise=15&data.train_fraction=0.7&data.features=x1,x2,x1*x2,sin(x2)&data.seed=4&seed=9"
        "&training.optimizer.learning_rate=0.1&training.batch_size=7&training.regularization.l2=0.003"
        f"&{layers(3, 5, 2)}&view.test_points=true&view.discretise=true"
    )
    lab = open_lab(page, query)
    expect(page.locator("#show-test")).to_be_checked()
    elsewhere = browser.new_context(base_url=base_url)
    other = open_lab(elsewhere.new_page(), page.url.split("?", 1)[1])
    assert other.run()["experiment"] == lab.run()["experiment"]
    assert parameters(other) == parameters(lab)
    elsewhere.close()


@pytest.mark.parametrize("name", HIDABLE)
def test_hidden_controls(page: Page, name: str) -> None:
    open_lab(page, f"view.hide={name}")
    for control in page.locator(HIDABLE[name]).all():
        expect(control).to_be_hidden()
    others = [selector for other, selector in HIDABLE.items() if other != name]
    assert all(page.locator(selector).count() for selector in others)


def test_it_stands_on_its_own(lab: Lab) -> None:
    lab.play()
    lab.wait_for_epoch(2)
    assert lab.noise == []
    icons = lab.page.locator("svg.icon use")
    broken = [
        name
        for name in {icon.get_attribute("href") or "" for icon in icons.all()}
        if not lab.page.locator(name).count()
    ]
    assert not broken


def test_a_narrow_window_has_every_control(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    open_lab(page)
    for selector in set(HIDABLE.values()):
        control = page.locator(selector).first
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert box is None or (box["x"] >= -1 and box["x"] + box["width"] <= 391), selector
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_the_status_speaks(lab: Lab) -> None:
    expect(lab.page.locator("#status")).to_contain_text("Ready")
    lab.play()
    expect(lab.page.locator("[data-announcement]")).to_contain_text(re.compile("epoch \\d"))
