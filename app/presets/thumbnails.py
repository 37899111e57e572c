"""Draws thumbnails from real runs, small enough for a page of them.

Of points these are the output map and some of the training points, of pictures some of those for training.
"""

from typing import Any

import numpy as np
from pydantic_core import to_json

from app.families.base import PictureSetup, PlaneSetup, of_plane
from app.presets.library import presets, thumbnail_path
from app.presets.preset import Preset, Thumbnail
from app.presets.training import Gym, Trained
from app.probes.packing import pack_map
from app.probes.parts import boundary_part
from app.schemas.document import parse_value
from app.schemas.frame import BOUNDARY_SIDE

SIDE = 48
POINTS = 80
PICTURES = 9


def write_thumbnails() -> None:
    """Trains every preset and writes its thumbnail."""
    gym = Gym()
    for preset in presets():
        thumbnail = draw(preset, gym.train(preset.experiment, preset.epochs))
        path = thumbnail_path(preset.id)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(to_json(thumbnail) + b"\n")


def draw(preset: Preset, trained: Trained) -> Thumbnail:
    """The thumbnail of a preset that has been trained."""
    setup = trained.trainer.setup
    shown = _pictures(setup) if isinstance(setup, PictureSetup) else _plane(of_plane(setup), trained)
    metrics = {name: round(value, 6) for name, value in trained.metrics().items()}
    return parse_value(Thumbnail, {"digest": preset.digest, "metrics": metrics, **shown})


def _pictures(setup: PictureSetup) -> dict[str, Any]:
    """One picture after the other of each class, as far as there is room."""
    prepared, train = setup.prepared, setup.prepared.counts[0]
    order = np.argsort(prepared.labels[:train], kind="stable")
    some = order[np.linspace(0, train - 1, PICTURES).round().astype(int)]
    return {"pictures": pack_map(prepared.inputs[some].reshape(-1, *prepared.shape), 0.0, 1.0)}


def _plane(setup: PlaneSetup, trained: Trained) -> dict[str, Any]:
    """The output map, and some of the points."""
    outputs = np.asarray(trained.plane.outputs)
    lines = np.linspace(0, BOUNDARY_SIDE - 1, SIDE).round().astype(int)
    dataset, count = setup.prepared.dataset, setup.prepared.counts[0]
    some = np.linspace(0, count - 1, min(count, POINTS)).round().astype(int)
    rows = np.column_stack([setup.prepared.points[some], setup.prepared.labels[some]]).round(2)
    points = {
        "points": [[*row, 0] for row in rows.tolist()],
        "parts": ["train"],
        "axis_names": dataset.axis_names,
        "domain": dataset.domain,
        "class_names": dataset.class_names,
        "task": dataset.problem.task,
    }
    return {"boundary": boundary_part(setup, outputs[:, lines][:, :, lines]), "points": points}
