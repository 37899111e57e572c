"""The parts of a frame: what they tell of a detection, against boxes counted pixel by pixel."""

import numpy as np
import pytest

from app.nn.host import host
from app.probes.pictures.parts import embedding_part, maps_part
from app.schemas.picture_network import Flatten
from tests.probes.pictures.networks import judged
from tests.probes.unpacking import unpack

SHAPES = {"kind": "shapes", "samples": 40, "side": 16, "classes": 3}
SIDE = 400


def covered(box: np.ndarray) -> np.ndarray:
    """The places of a fine grid, some way beyond the picture, that lie in a box (middle x, y, width, height)."""
    places = (np.arange(3 * SIDE) + 0.5) / SIDE - 1
    across, down = (np.abs(places - box[axis]) < box[axis + 2] / 2 for axis in (0, 1))
    return down[:, None] & across


def test_the_chosen_picture_of_a_detection_comes_with_its_box() -> None:
    network = judged([Flatten()], data={**SHAPES, "task": "detection"})
    prepared, row = network.setup.prepared, 37
    seen = network.look(prepared.inputs[row][None])
    predicted = np.array([0.4, 0.5, 0.5, 0.6])
    outputs = np.array(seen.outputs)
    outputs[-4:, 0] = predicted
    box = maps_part(network.setup, seen._replace(outputs=outputs), row)["box"]
    assert box["truth"] == pytest.approx(prepared.targets[row, -4:])
    ours, theirs = covered(predicted), covered(np.array(box["truth"]))
    assert box["iou"] == pytest.approx((ours & theirs).sum() / (ours | theirs).sum(), abs=0.02)


def test_a_classification_has_no_box() -> None:
    network = judged([Flatten()], data=SHAPES)
    seen = network.look(network.setup.prepared.inputs[:1])
    assert maps_part(network.setup, seen, 0)["box"] is None


@pytest.mark.parametrize("width", [1, 2, 84, 5_000])
def test_embedding_is_that_of_an_exact_decomposition(width: int) -> None:
    network = judged([Flatten()], data=SHAPES)
    prepared, rng = network.setup.prepared, np.random.default_rng(width)
    count = len(prepared.inputs)
    spread = np.geomspace(1, 1e-3, min(width, count))
    values = (rng.normal(size=(count, spread.size)) * spread @ rng.normal(size=(spread.size, width))).astype(np.float32)
    seen = network.look(prepared.inputs[:1])._replace(embedding=host(values.T))
    part = embedding_part(network.setup, seen)
    rows, points = part["rows"], unpack(part["points"])
    left, lengths, _ = np.linalg.svd(values[rows] - values[rows].mean(axis=0, dtype=np.float64), full_matrices=False)
    exact = np.zeros((len(rows), 2))
    exact[:, : min(2, width)] = (left * lengths)[:, :2]
    assert np.abs(points) == pytest.approx(np.abs(exact), abs=2e-3 * np.abs(exact).max())
    assert part["shares"] == pytest.approx(np.sum(exact**2, axis=0) / np.sum(lengths**2), abs=1e-3)
