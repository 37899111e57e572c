"""What the buttons of the builder do: they add, remove and move layers of a network for pictures."""

from collections.abc import Mapping
from typing import Any

from app.errors import InvalidInput
from app.schemas.experiment import PictureExperiment, union_member
from app.schemas.picture_network import MAX_PICTURE_LAYERS
from app.web.lab.draft import LAYERS

# What a layer is added with beside its defaults: a convolution that keeps height and width fits nearly everywhere.
_ADDED_WITH: Mapping[str, dict[str, Any]] = {"conv2d": {"padding": 1}}


def changed_stack(experiment: PictureExperiment, form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The whole `layers` array after a button was pressed.

    `action` is add (a layer of `kind` before `layer`), remove, or move (`layer` to the place `to`); `layer` counts
    from 0. Raises InvalidInput where a limit is reached or there is no such layer, place or kind.
    """
    given = (layer.model_dump(mode="json", exclude_unset=True, warnings=False) for layer in experiment.network.layers)
    layers = list(given)
    action, index = form.get("action", ""), _place(form.get("layer", ""), len(layers) + 1)
    if action == "add":
        return [*layers[:index], _added(form.get("kind", ""), len(layers)), *layers[index:]]
    if action not in ("remove", "move"):
        raise InvalidInput.at(LAYERS, "the action must be add, remove or move")
    index = _place(str(index), len(layers))
    moved = layers.pop(index)
    if action == "move":
        layers.insert(_place(form.get("to", ""), len(layers) + 1), moved)
    return layers


def _added(kind: str, count: int) -> dict[str, Any]:
    if count >= MAX_PICTURE_LAYERS:
        raise InvalidInput.at(LAYERS, f"a network has at most {MAX_PICTURE_LAYERS} layers")
    if not kind or union_member(LAYERS, kind) is None:
        raise InvalidInput.at(LAYERS, "there is no layer of this kind")
    return {"kind": kind, **_ADDED_WITH.get(kind, {})}


def _place(text: str, places: int) -> int:
    if not (text.isdigit() and int(text) < places):
        raise InvalidInput.at(LAYERS, "there is no such layer")
    return int(text)
