import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.features import Transform, compute_features
from app.schemas.data import FEATURES, FeatureName, Scaling
from tests.data.cases import prepared

coordinates = st.floats(-1e6, 1e6)
SCALINGS: tuple[Scaling, ...] = ("none", "standard", "min_max")


@given(x1=coordinates, x2=coordinates)
def test_features_are_their_names(x1: float, x2: float) -> None:
    expected = {
        "x1": x1,
        "x2": x2,
        "x1^2": x1 * x1,
        "x2^2": x2 * x2,
        "x1*x2": x1 * x2,
        "sin(x1)": math.sin(x1),
        "sin(x2)": math.sin(x2),
        "cos(x1)": math.cos(x1),
        "cos(x2)": math.cos(x2),
        "radius": math.hypot(x1, x2),
    }
    computed = compute_features(FEATURES, np.array([[x1, x2]]))
    np.testing.assert_allclose(computed[0], [expected[name] for name in FEATURES], rtol=1e-12, atol=1e-12)


@given(features=st.lists(st.sampled_from(FEATURES), min_size=1, unique=True))
def test_inputs_keep_the_order_of_the_features(features: list[FeatureName]) -> None:
    points = np.array([[1.5, -2.0], [0.25, 3.0]])
    columns = [compute_features((name,), points)[:, 0] for name in features]
    inputs = Transform.fit(tuple(features), "none", points)(points)
    assert inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs, np.column_stack(columns).astype(np.float32))


def test_standard_scaling_is_fitted_on_the_training_part_alone() -> None:
    data = prepared({"kind": "gaussian", "features": ["x1", "x2^2"], "scaling": "standard", "train_fraction": 0.1})
    raw = np.column_stack([data.points[:, 0], data.points[:, 1] ** 2])
    mean = raw[:50].mean(axis=0)
    deviation = np.sqrt(((raw[:50] - mean) ** 2).sum(axis=0) / 50)
    np.testing.assert_allclose(data.inputs, (raw - mean) / deviation, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(data.inputs[:50].std(axis=0), 1, rtol=1e-5)
    assert not np.allclose(data.inputs.std(axis=0), 1, rtol=1e-3)


def test_min_max_scaling_is_fitted_on_the_training_part_alone() -> None:
    data = prepared({"kind": "gaussian", "scaling": "min_max", "train_fraction": 0.1})
    low, high = data.points[:50].min(axis=0), data.points[:50].max(axis=0)
    np.testing.assert_allclose(data.inputs, (data.points - low) / (high - low), rtol=1e-5, atol=1e-6)
    assert data.inputs[:50].min() == 0
    assert data.inputs[:50].max() == 1
    assert data.inputs.max() > 1


@pytest.mark.parametrize("scaling", SCALINGS)
def test_the_transform_of_any_point_is_that_of_the_rows(scaling: Scaling) -> None:
    data = prepared({"kind": "xor", "features": ["x1*x2", "radius"], "scaling": scaling})
    np.testing.assert_array_equal(data.transform(data.points[7:9]), data.inputs[7:9])


@pytest.mark.parametrize("scaling", ["standard", "min_max"])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e9, 1e-300])
def test_a_constant_feature_is_divided_by_one(scaling: Scaling, value: float) -> None:
    points = np.column_stack([np.full(31, value), np.arange(31.0)])
    transform = Transform.fit(("x1", "x2"), scaling, points)
    assert transform.divisor[0] == 1
    assert np.abs(transform(points)[:, 0]).max() < 1e-6 * max(1, abs(value))
    assert transform(points + 1.0)[0, 0] == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("scaling", ["standard", "min_max"])
@pytest.mark.parametrize("spread", [1e-320, 1e-300, 1e-40, 1e-12])
def test_inputs_are_finite_far_from_training_points_that_all_but_coincide(scaling: Scaling, spread: float) -> None:
    transform = Transform.fit(("x1", "x1^2"), scaling, np.array([[0.0, 0.0], [spread, 0.0]]))
    assert np.all(np.isfinite(transform(np.array([[0.0, 0.0], [1e12, 0.0], [-1e12, 0.0]]))))
