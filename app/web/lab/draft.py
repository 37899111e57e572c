"""Layers of a network for pictures that were tried and refused: they stay on the page as they were tried.

The page holds such a draft and sends it along with whatever it asks for next: a change of a layer changes the draft,
all else leaves it (static/js/elements/pictures/nn-builder.js).
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from fastapi import Request

from app.data.dataset import Prepared
from app.errors import InvalidInput
from app.nn.pictures.shapes import Shape, output_shapes
from app.schemas.experiment import Experiment, PictureExperiment, as_pictures, read_experiment, union_member
from app.schemas.picture_network import MAX_PICTURE_LAYERS, PictureLayer
from app.web.lab.controls import Refusal

LAYERS = "network.layers"
_HEADER = "Draft-Layers"


def drafted(request: Request, experiment: Experiment) -> Experiment:
    """The Experiment with the layers that the asking page shows, where it shows others than the run's."""
    text = request.headers.get(_HEADER, "")
    return with_layers(experiment, text) if text and isinstance(experiment, PictureExperiment) else experiment


def kept_draft(request: Request, experiment: Experiment, prepared: Prepared) -> Refusal | None:
    """The draft of the asking page, if it has one, and what is wrong with it now."""
    text = request.headers.get(_HEADER, "")
    if not text or not isinstance(experiment, PictureExperiment):
        return None
    return Refusal({LAYERS: text}, _problems(with_layers(experiment, text), prepared.shape))


def has_layers(patch: Mapping[str, Any]) -> bool:
    """Whether a merge patch says how the network is built."""
    return "layers" in patch.get("network", {})


def refused_layers(experiment: Experiment, patch: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """What `patch` asked for, by path, where layers of a network for pictures are what was wrong: the draft."""
    paths = [path for path in errors if path.startswith(LAYERS)]
    if not paths or not has_layers(patch) or not isinstance(experiment, PictureExperiment):
        return {}
    layers: list[dict[str, Any]] = patch["network"]["layers"]
    sent = {
        f"{LAYERS}.{index}.{name}": str(value) for index, layer in enumerate(layers) for name, value in layer.items()
    }
    return {**dict.fromkeys(paths, ""), **sent, LAYERS: json.dumps(layers, separators=(",", ":"))}


def with_layers(experiment: PictureExperiment, text: str) -> PictureExperiment:
    """The Experiment with layers as the page holds them, unchecked but for their kinds."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return experiment
    items = cast("list[object]", found) if isinstance(found, list) else []
    layers = [layer for layer in map(_unchecked, items[:MAX_PICTURE_LAYERS]) if layer]
    network = experiment.network.model_copy(update={"layers": tuple(layers)})
    return experiment.model_copy(update={"network": network})


def _problems(experiment: PictureExperiment, shape: Shape) -> dict[str, str]:
    """What is wrong with its layers for pictures of `shape`, by path."""
    try:
        checked = as_pictures(read_experiment(experiment.model_dump(mode="json", warnings=False)))
        output_shapes(checked.network.layers, shape, 1)
    except InvalidInput as error:
        return {field.path: field.message for field in error.errors}
    return {}


def _unchecked(item: object) -> PictureLayer | None:
    fields = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
    model = union_member(LAYERS, fields.get("kind", "dense")) if isinstance(fields.get("kind", ""), str) else None
    if model is None:
        return None
    known = {name: value for name, value in fields.items() if name in model.model_fields}
    return cast("PictureLayer", model.model_construct(**known))
