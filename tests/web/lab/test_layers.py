"""Buttons that add and remove layers and neurons, and how neurons are laid out."""

import pytest

from app.errors import InvalidInput
from app.schemas.experiment import PlaneExperiment
from app.schemas.network import MAX_LAYERS, MAX_UNITS, DenseLayer, DenseNetwork
from app.web.lab.layers import changed_layers, neuron_grid


def units_after(experiment: PlaneExperiment, action: str, index: int = 0) -> list[int]:
    return [layer["units"] for layer in changed_layers(experiment, action, index)]


@pytest.mark.parametrize(
    ("action", "index", "units"),
    [
        ("add", 0, [4, 2, 2]),
        ("remove", 0, [2]),
        ("remove", 1, [4]),
        ("more", 1, [4, 3]),
        ("fewer", 0, [3, 2]),
    ],
)
def test_an_action_changes_the_whole_array(action: str, index: int, units: list[int]) -> None:
    assert units_after(PlaneExperiment(), action, index) == units


def test_a_new_layer_takes_the_activation_of_the_one_before() -> None:
    network = DenseNetwork(layers=(DenseLayer(units=3, activation="relu"),))
    assert changed_layers(PlaneExperiment(network=network), "add", 0)[1]["activation"] == "relu"


@pytest.mark.parametrize(
    ("units", "action", "index"),
    [
        ([1], "fewer", 0),
        ([MAX_UNITS], "more", 0),
        ([2] * MAX_LAYERS, "add", 0),
        ([2], "remove", 1),
        ([], "remove", -1),
        ([2], "grow", 0),
    ],
)
def test_limits_are_told(units: list[int], action: str, index: int) -> None:
    network = DenseNetwork(layers=tuple(DenseLayer(units=count) for count in units))
    with pytest.raises(InvalidInput) as refusal:
        changed_layers(PlaneExperiment(network=network), action, index)
    assert refusal.value.errors[0].path == "network.layers"


@pytest.mark.parametrize("units", range(1, MAX_UNITS + 1))
def test_every_neuron_has_a_place_in_at_most_four_columns_of_sixteen(units: int) -> None:
    grid = neuron_grid(units)
    assert grid.rows <= 16
    assert grid.columns <= 4
    assert grid.rows * (grid.columns - 1) < units <= grid.rows * grid.columns
