"""A certificate of overlap is checked by hand; data without one are parted by a plane that is found another way."""

import numpy as np
import pytest

from app.data.separability import overlap
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
