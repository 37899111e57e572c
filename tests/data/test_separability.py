"""A certificate of overlap is checked by hand; data without one are parted by a plane that is found another way."""

import numpy as np
import pytest
from scipy.optimize import minimize

from app.data.separability import Margin, margins, overlap
from tests.engine.cases import setup


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "xor"},
        {"kind": "circle"},
        {"kind": "iris", "scaling": "standard"},
        {"kind": "rings"},
        {"kind": "circle", "features": ["x1", "x2", "x1*x2", "sin(x1)"]},
    ],
)
def test_a_certificate_is_a_common_point_of_two_hulls(data: dict[str, object]) -> None:
    prepared = setup(family="perceptron", data=data).prepared
    found = overlap(prepared)
    assert found is not None
    assert len(found.inside) + len(found.outside) <= prepared.inputs.shape[1] + 2
    for weights, own in ((found.inside, True), (found.outside, False)):
        rows = list(weights)
        assert max(rows) < prepared.counts[0]
        assert all((prepared.labels[row] == found.label) == own for row in rows)
        assert min(weights.values()) > 0
        assert sum(weights.values()) == pytest.approx(1, abs=1e-9)
        point = np.array(list(weights.values())) @ prepared.inputs[rows].astype(np.float64)
        np.testing.assert_allclose(point, found.point, atol=1e-7)


@pytest.mark.parametrize(
    ("data", "plane"), [({"kind": "gaussian"}, [1, 1, 0]), ({"kind": "xor", "features": ["x1*x2"]}, [1, 0])]
)
def test_what_a_plane_parts_has_no_certificate(data: dict[str, object], plane: list[float]) -> None:
    prepared = setup(family="perceptron", data=data).prepared
    inputs = np.column_stack([prepared.inputs, np.ones(len(prepared.inputs))])[: prepared.counts[0]]
    targets = prepared.targets[: prepared.counts[0], 0]
    assert (targets * (inputs @ plane) > 0).all()
    assert overlap(prepared) is None
    assert margins(prepared) is not None


@pytest.mark.parametrize("kind", ["xor", "circle", "rings", "spiral"])
def test_what_no_plane_parts_has_no_margin(kind: str) -> None:
    assert margins(setup(family="perceptron", data={"kind": kind}).prepared) is None


def widest(inputs: np.ndarray, targets: np.ndarray) -> float:
    """The largest margin by the other programme: the shortest weights with which every answer is 1 at least."""
    found = minimize(
        lambda weights: weights @ weights / 2,
        np.linalg.lstsq(inputs, targets, rcond=None)[0],
        jac=lambda weights: weights,
        constraints={
            "type": "ineq",
            "fun": lambda weights: targets * (inputs @ weights) - 1,
            "jac": lambda _: targets[:, None] * inputs,
        },
        method="SLSQP",
        options={"maxiter": 1_000, "ftol": 1e-12},
    )
    assert found.success, found.message
    return 1 / float(np.linalg.norm(found.x))


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "gaussian"},
        {"kind": "gaussian", "samples": 60, "noise": 5, "scaling": "standard"},
        {"kind": "blobs", "classes": 3, "samples": 90},
        {"kind": "circle", "samples": 80, "features": ["x1", "x2", "x1^2", "x2^2"]},
    ],
)
def test_the_margin_is_the_largest_that_there_is(data: dict[str, object]) -> None:
    prepared = setup(family="perceptron", data=data).prepared
    count = prepared.counts[0]
    inputs = np.column_stack([prepared.inputs[:count], np.ones(count)]).astype(np.float64)
    found = margins(prepared)
    assert found is not None
    assert len(found) == prepared.targets.shape[1]
    for margin, targets in zip(found, prepared.targets[:count].T.astype(np.float64), strict=True):
        assert margin.margin == pytest.approx(widest(inputs, targets), rel=1e-4)
        assert margin.radius == pytest.approx(np.linalg.norm(inputs, axis=1).max())


def test_mistakes_are_bounded_by_radius_margin_and_first_weights() -> None:
    assert Margin(margin=2.0, radius=7.0).most_mistakes(0.0) == 12
    assert Margin(margin=2.0, radius=7.0).most_mistakes(3.0) == 15
