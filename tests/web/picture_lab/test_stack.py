"""The buttons of the builder."""

import pytest

from app.errors import InvalidInput
from app.schemas.experiment import as_pictures, default_experiment
from app.schemas.picture_network import MAX_PICTURE_LAYERS, Dropout, PictureNetwork
from app.web.lab.stack import changed_stack

DEFAULT = as_pictures(default_experiment("cnn"))
LENET = ["conv2d", "max_pool", "conv2d", "max_pool", "flatten", "dense"]


def kinds_after(**form: str) -> list[str]:
    return [layer["kind"] for layer in changed_stack(DEFAULT, form)]


def test_a_layer_is_added_at_any_place() -> None:
    assert kinds_after(action="add", kind="dropout", layer="0") == ["dropout", *LENET]
    assert kinds_after(action="add", kind="dropout", layer="6") == [*LENET, "dropout"]


def test_an_added_convolution_keeps_height_and_width() -> None:
    added = changed_stack(DEFAULT, {"action": "add", "kind": "conv2d", "layer": "1"})[1]
    assert added == {"kind": "conv2d", "padding": 1}


def test_a_layer_is_removed() -> None:
    assert kinds_after(action="remove", layer="4") == [*LENET[:4], "dense"]


@pytest.mark.parametrize(("layer", "to", "expected"), [(0, 1, [1, 0, 2, 3, 4, 5]), (5, 0, [5, 0, 1, 2, 3, 4])])
def test_a_layer_is_moved_and_keeps_its_fields(layer: int, to: int, expected: list[int]) -> None:
    before = changed_stack(DEFAULT, {"action": "move", "layer": "0", "to": "0"})
    after = changed_stack(DEFAULT, {"action": "move", "layer": str(layer), "to": str(to)})
    assert after == [before[index] for index in expected]


@pytest.mark.parametrize(
    "form",
    [
        {"action": "grow", "layer": "0"},
        {"action": "remove", "layer": "6"},
        {"action": "remove"},
        {"action": "move", "layer": "0", "to": "6"},
        {"action": "move", "layer": "0", "to": "-1"},
        {"action": "add", "kind": "transformer", "layer": "0"},
        {"action": "add", "layer": "0"},
        {"action": "add", "kind": "dense", "layer": "7"},
    ],
)
def test_what_cannot_be_done_is_told(form: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        changed_stack(DEFAULT, form)
    assert refusal.value.errors[0].path == "network.layers"


def test_a_network_has_so_many_layers_and_no_more() -> None:
    layers = (Dropout(kind="dropout"),) * MAX_PICTURE_LAYERS
    full = DEFAULT.model_copy(update={"network": PictureNetwork(layers=layers)})
    with pytest.raises(InvalidInput, match=str(MAX_PICTURE_LAYERS)):
        changed_stack(full, {"action": "add", "kind": "dropout", "layer": "0"})
