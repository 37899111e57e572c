"""Every control changes the run, and the address with it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.schemas.network import INITIALIZERS
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES
from tests.browser.lab import Lab, layers, open_lab

SELECTIONS: list[tuple[str, str, Any]] = [
    ("training.optimizer.learning_rate", "0.1", 0.1),
    ("training.loss", "huber", "huber"),
    ("training.regularization.l1", "0.01", 0.01),
    ("training.regularization.l2", "0.1", 0.1),
    ("network.layers.0.activation", "relu", "relu"),
    ("data.scaling", "standard", "standard"),
]
NUMBERS: list[tuple[str, str, int]] = [
    ("training.batch_size", "32", 32),
    ("seed", "7", 7),
    ("data.seed", "8", 8),
    ("data.samples", "300", 300),
    ("network.layers.1.units", "5", 5),
]
SLIDERS: list[tuple[str, str, float]] = [
    ("data.noise", "25", 25),
    ("data.train_fraction", "0.7", 0.7),
    ("data.validation_fraction", "0.2", 0.2),
]
KINDS_OF_DATA = ["xor", "gaussian", "spiral", "moons", "rings", "blobs", "plane", "multi_gaussian", "iris", "wine"]
KINDS = [
    ("training.optimizer", [model.model_fields["kind"].default for model in OPTIMIZERS]),
    ("training.schedule", [model.model_fields["kind"].default for model in SCHEDULES]),
    ("training.clipping", [model.model_fields["kind"].default for model in CLIPPINGS]),
    ("network.init", [model.model_fields["kind"].default for model in INITIALIZERS]),
]


@pytest.fixture
def lab(page: Page) -> Lab:
    return open_lab(page)


def test_selections(lab: Lab) -> None:
    for path, option, value in SELECTIONS:
        lab.choose(path, option)
        lab.expect_setting(path, value)
        expect(lab.control(path)).to_have_value(option)
    assert lab.noise == []


def test_numbers(lab: Lab) -> None:
    for path, text, value in NUMBERS:
        lab.type(path, text)
        lab.expect_setting(path, value)
        expect(lab.control(path)).to_have_value(text)
    assert lab.noise == []


def test_sliders(lab: Lab) -> None:
    for path, text, value in SLIDERS:
        lab.control(path).fill(text)
        lab.expect_setting(path, value)
        shown = f"{value:.0%}".replace("%", " %") if value < 1 else text
        expect(lab.page.locator(f"output[for='f-{path.replace('.', '-')}']")).to_have_text(shown)


@pytest.mark.parametrize(("path", "kinds"), KINDS)
def test_every_kind_and_its_parameters(lab: Lab, path: str, kinds: list[str]) -> None:
    for kind in [*kinds[1:], kinds[0]]:
        lab.choose(f"{path}.kind", kind)
        lab.expect_setting(f"{path}.kind", kind)
        expect(lab.control(f"{path}.kind")).to_have_value(kind)


def test_parameters_of_a_kind_are_in_its_popover(lab: Lab) -> None:
    lab.choose("training.optimizer.kind", "adam")
    lab.page.get_by_role("button", name="Settings of the optimiser").click()
    popover = lab.page.locator("#p-optimizer")
    popover.get_by_label("Beta 1", exact=True).fill("0.8")
    popover.get_by_label("Beta 1", exact=True).blur()
    lab.expect_setting("training.optimizer.beta1", 0.8)
    expect(popover).to_be_visible()


def test_switches(lab: Lab) -> None:
    lab.page.get_by_role("button", name="Shuffling and early stopping").click()
    lab.page.get_by_role("switch", name="Shuffle every epoch").click()
    lab.expect_setting("training.shuffle", expected=False)
    lab.page.get_by_role("switch", name="Stop early").click()
    lab.expect_setting("training.early_stopping.patience", 50)
    lab.expect_setting("data.validation_fraction", 0.2)
    expect(lab.page.locator("td[data-part=validation]").first).to_be_visible()


def test_every_kind_of_data(lab: Lab) -> None:
    lab.play()
    for kind in KINDS_OF_DATA:
        problem = "regression" if kind in ("plane", "multi_gaussian") else "classification"
        lab.page.locator(f"#f-problem-{problem}").check(force=True)
        lab.page.locator(f".kind:has([value={kind}])").click()
        lab.expect_setting("data.kind", kind)
        expect(lab.page.locator(f"#kind-of-{kind}")).to_be_checked()
        lab.wait_for_epoch(1)
    assert lab.noise == []


def test_classes_and_columns(lab: Lab) -> None:
    lab.page.locator(".kind:has([value=rings])").click()
    lab.expect_setting("data.kind", "rings")
    lab.type("data.classes", "5")
    lab.expect_setting("data.classes", 5)
    expect(lab.page.locator(".terminal")).to_have_count(5)
    expect(lab.page.locator(".legend li")).to_have_count(5)
    lab.page.locator(".kind:has([value=iris])").click()
    lab.expect_setting("data.kind", "iris")
    lab.page.locator("#f-column-1").select_option("sepal_width")
    lab.expect_setting("data.columns", ["sepal_width", "petal_width"])


def test_features_by_their_pictures(lab: Lab) -> None:
    lab.page.locator(".feature", has_text="x₁²").click()
    lab.page.locator(".feature", has_text="sin x₂").click()
    lab.expect_setting("data.features", ["x1", "x2", "x1^2", "sin(x2)"])
    lab.page.locator(".feature", has_text="x₁").first.click()
    lab.expect_setting("data.features", ["x2", "x1^2", "sin(x2)"])


def test_the_last_feature_cannot_be_taken_away(page: Page) -> None:
    lab = open_lab(page, "data.features=x1")
    lab.page.locator("#feature-0").uncheck(force=True)
    expect(lab.page.locator(".features .mistake")).to_be_visible()
    expect(lab.page.locator("#feature-0")).to_be_checked()
    assert lab.setting("data.features") == ["x1"]


def test_layers_and_neurons(lab: Lab) -> None:
    page = lab.page
    page.get_by_role("button", name="Add a hidden layer").click()
    lab.expect_setting("network.layers.2.units", 2)
    expect(page.locator(".layer")).to_have_count(3)
    for _ in range(3):
        page.get_by_role("button", name="Add a neuron to layer 3").click()
    lab.expect_setting("network.layers.2.units", 5)
    expect(page.locator("#layer-2 .neuron")).to_have_count(5)
    page.get_by_role("button", name="Remove a neuron from layer 1").click()
    lab.expect_setting("network.layers.0.units", 3)
    page.get_by_role("button", name="Layer 2", exact=True).click()
    page.get_by_role("button", name="Remove this layer").click()
    expect(page.locator(".layer")).to_have_count(2)
    lab.expect_setting("network.layers.1.units", 5)
    page.get_by_role("button", name="Remove the last hidden layer").click()
    page.get_by_role("button", name="Remove the last hidden layer").click()
    expect(page.locator(".layer")).to_have_count(0)
    lab.expect_setting("network.layers", [])
    assert lab.noise == []


def test_layers_are_removed_as_fast_as_somebody_clicks(page: Page) -> None:
    lab = open_lab(page, layers(4, 3, 2, 1))
    remove = page.get_by_role("button", name="Remove the last hidden layer")
    for _ in range(3):
        remove.click()
    page.keyboard.press("s")
    expect(page.locator(".layer")).to_have_count(1)
    lab.expect_setting("network.layers.0.units", 4)
    assert len(lab.run()["resolved"]["network"]["layers"]) == 1
    page.wait_for_function("() => location.search === '?network.layers.0.units=4'")


def test_undo_brings_a_slider_back_that_still_has_the_focus(lab: Lab) -> None:
    noise = lab.control("data.noise")
    noise.focus()
    for _ in range(5):
        lab.page.keyboard.press("ArrowRight")
    lab.expect_setting("data.noise", 5)
    lab.page.wait_for_timeout(600)
    lab.page.keyboard.press("Control+z")
    lab.expect_setting("data.noise", 0)
    expect(noise).to_have_value("0")


def test_a_chosen_step_stays_chosen(lab: Lab) -> None:
    lab.page.get_by_role("button", name="How far a step goes").click()
    lab.page.locator("#step-menu [value=batch]").check()
    lab.choose("training.optimizer.kind", "adam")
    lab.expect_setting("training.optimizer.kind", "adam")
    lab.page.wait_for_timeout(300)
    expect(lab.page.locator("[data-step-label]")).to_have_text("1 batch")


def test_dropout_of_a_layer(lab: Lab) -> None:
    lab.page.get_by_role("button", name="Layer 1", exact=True).click()
    lab.control("network.layers.0.dropout").fill("0.3")
    lab.expect_setting("network.layers.0.dropout", 0.3)


def test_dice_draw_new_weights_and_new_points(lab: Lab) -> None:
    lab.page.locator("#dice").click()
    expect(lab.control("seed")).not_to_have_value("0")
    lab.page.locator("#regenerate").click()
    page_seed = lab.page.locator("#f-data-seed")
    expect(page_seed).not_to_have_value(str(lab.setting("seed")))


def test_quick_changes_are_all_made(lab: Lab) -> None:
    lab.choose("training.optimizer.kind", "adam")
    lab.choose("training.loss", "hinge")
    lab.choose("network.layers.0.activation", "gelu")
    lab.choose("network.layers.1.activation", "silu")
    lab.page.locator(".kind:has([value=xor])").click()
    lab.expect_setting("data.kind", "xor")
    resolved = lab.run()["resolved"]
    assert resolved["training"]["optimizer"]["kind"] == "adam"
    assert resolved["training"]["loss"] == "hinge"
    assert [layer["activation"] for layer in resolved["network"]["layers"]] == ["gelu", "silu"]


def test_a_loss_that_no_longer_fits_gives_way_and_says_so(lab: Lab) -> None:
    lab.choose("training.loss", "binary_cross_entropy")
    lab.expect_setting("training.loss", "binary_cross_entropy")
    lab.page.locator(".kind:has([value=rings])").click()
    lab.expect_setting("training.loss", "categorical_cross_entropy")
    expect(lab.control("training.loss")).to_have_value("categorical_cross_entropy")
    expect(lab.page.locator(".toast")).to_contain_text("binary_cross_entropy does not fit")


def test_a_change_by_rest_shows_on_the_page(lab: Lab) -> None:
    patch = {"training": {"optimizer": {"kind": "lion"}}}
    answer = lab.page.request.patch(f"/api/v1/runs/{lab.run_id}", data=patch)
    assert answer.ok
    expect(lab.control("training.optimizer.kind")).to_have_value("lion")


def test_many_neurons_fit(page: Page) -> None:
    lab = open_lab(page, layers(64, 20, 10, 64))
    expect(page.locator("#layer-0 .neuron")).to_have_count(64)
    boxes = page.evaluate(
        """() => {
          const net = document.querySelector("nn-network").getBoundingClientRect();
          return [...document.querySelectorAll("nn-network canvas")]
            .map((canvas) => canvas.getBoundingClientRect())
            .filter((box) => box.bottom > net.bottom + 1 || box.right > net.right + 1 || box.top < net.top).length;
        }"""
    )
    assert boxes == 0
    expect(page.locator("#hidden-links")).to_contain_text("strongest")
    lab.shoot("many-neurons")
