"""Lines lie where a unit's score is 0, positive on their left, in the coordinates of the points."""

from typing import Any

import numpy as np
import pytest

from app.probes.separator import separator_part
from tests.engine.cases import setup


def part(weight: list[list[float]], bias: list[float], mistake: int | None = None, **data: object) -> dict[str, Any]:
    tensors = {"layers.0.weight": np.array(weight, np.float32), "layers.0.bias": np.array(bias, np.float32)}
    return separator_part(setup(family="perceptron", data={"kind": "gaussian", **data}), tensors, mistake)


def test_a_line_runs_through_the_plane_with_the_positive_side_on_its_left() -> None:
    (line,) = part([[1.0], [-2.0]], [1.0])["lines"]
    start, end = np.array(line)
    np.testing.assert_allclose([start @ [1, -2] + 1, end @ [1, -2] + 1], 0, atol=1e-9)
    left = (start + end) / 2 + [-(end - start)[1], (end - start)[0]]
    assert left @ [1, -2] + 1 > 0
    assert np.abs(line).max() == pytest.approx(6)


def test_scaling_is_undone() -> None:
    made = setup(family="perceptron", data={"kind": "iris", "scaling": "standard"})
    tensors = {
        "layers.0.weight": np.array([[1.0, 0.5, 0.0], [1.0, -1.0, 0.0]], np.float32),
        "layers.0.bias": np.array([0.2, 0.0, 1.0], np.float32),
    }
    *lines, nothing = separator_part(made, tensors, None)["lines"]
    assert nothing is None
    for unit, line in enumerate(lines):
        inputs = made.prepared.transform(np.array(line))
        scores = inputs @ tensors["layers.0.weight"][:, unit] + tensors["layers.0.bias"][unit]
        np.testing.assert_allclose(scores, 0, atol=1e-5)


def test_what_is_not_within_the_plane_is_left_out() -> None:
    assert part([[1.0], [0.0]], [100.0])["lines"] == [None]
    assert part([[0.0], [1.0]], [0.0])["lines"] != [None]
    assert part([[1.0]], [0.0], features=["x1*x2"])["lines"] == []


def test_the_last_mistake_and_the_certificate_are_places_of_samples() -> None:
    made = setup(family="perceptron", data={"kind": "xor"})
    told = part([[1.0], [0.0]], [0.0], 3, kind="xor")
    assert told["mistake"] == made.prepared.points[3].tolist()
    places = made.prepared.points.tolist()
    assert all(place in places for side in ("inside", "outside") for place in told["overlap"][side])
    assert part([[1.0], [0.0]], [0.0])["overlap"] is None
    assert part([[1.0], [0.0]], [0.0])["mistake"] is None
