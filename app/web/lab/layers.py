"""How the network's columns are drawn, and what the buttons that add and remove layers and neurons do."""

from dataclasses import dataclass
from typing import Any

from app.errors import InvalidInput
from app.schemas.experiment import PlaneExperiment
from app.schemas.network import MAX_LAYERS, MAX_UNITS, DenseLayer

# More neurons than this stand in several columns, at most four for the largest layer.
_TALLEST = 16


@dataclass(frozen=True)
class Grid:
    """How the neurons of one layer are laid out; style sheets make their size from it."""

    rows: int
    columns: int


def neuron_grid(units: int) -> Grid:
    """One column while the neurons can be told apart, then as few columns of equal height as will do."""
    columns = -(-units // _TALLEST)
    return Grid(-(-units // columns), columns)


def changed_layers(experiment: PlaneExperiment, action: str, index: int) -> list[dict[str, Any]]:
    """The whole `layers` array after a button was pressed; `index` counts from 0, "add" and "remove_last" need none.

    A new layer stands last, with two neurons (the reference's) and the activation of the layer before it.
    Raises InvalidInput where a limit is reached or there is no such layer.
    """
    layers = [layer.model_dump(mode="json", exclude_unset=True) for layer in experiment.network.layers]
    if action == "add":
        if len(layers) >= MAX_LAYERS:
            raise _refused(f"a network has at most {MAX_LAYERS} hidden layers")
        activation = experiment.network.layers[-1].activation if layers else DenseLayer().activation
        return [*layers, {"units": 2, "activation": activation}]
    if action == "remove_last":
        action, index = "remove", len(layers) - 1
    if action not in ("remove", "more", "fewer"):
        raise _refused("the action must be add, remove, remove_last, more or fewer")
    if not 0 <= index < len(layers):
        raise _refused(f"there is no hidden layer {index + 1}")
    if action == "remove":
        return [layer for position, layer in enumerate(layers) if position != index]
    units = experiment.network.layers[index].units + (1 if action == "more" else -1)
    if not 1 <= units <= MAX_UNITS:
        raise _refused(f"a layer has 1 to {MAX_UNITS} neurons")
    layers[index]["units"] = units
    return layers


def _refused(message: str) -> InvalidInput:
    return InvalidInput.at("network.layers", message)
