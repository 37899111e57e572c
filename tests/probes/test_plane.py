import numpy as np
import pytest

from app.families.plane import grid_points
from app.families.registry import family_of
from app.probes.plane import feature_maps
from app.schemas.frame import BOUNDARY_SIDE, THUMBNAIL_SIDE
from tests.engine.cases import setup

FAMILY = family_of("mlp")


def test_the_grid_goes_line_by_line_from_the_lower_left() -> None:
    points = grid_points(setup(), 4)
    np.testing.assert_allclose(points[:5], [[-6, -6], [-2, -6], [2, -6], [6, -6], [-6, -2]])
    np.testing.assert_allclose(points[-1], [6, 6])
    assert points.shape == (16, 2)


def test_the_grid_covers_the_datas_own_domain() -> None:
    made = setup(data={"kind": "points", "points": [[0, 100, 0], [10, 300, 1]]})
    points = grid_points(made, BOUNDARY_SIDE)
    np.testing.assert_allclose([points.min(axis=0), points.max(axis=0)], [[-1, 80], [11, 320]])


@pytest.mark.parametrize("scaling", ["none", "standard", "min_max"])
def test_grid_inputs_go_through_features_and_scaling(scaling: str) -> None:
    made = setup(data={"features": ["x2", "x1^2"], "scaling": scaling})
    points, train = grid_points(made, BOUNDARY_SIDE), made.prepared.points[:250]
    raw, fitted = (np.stack([part[:, 1], part[:, 0] ** 2], axis=1) for part in (points, train))
    expected = {
        "none": raw,
        "standard": (raw - fitted.mean(axis=0)) / fitted.std(axis=0),
        "min_max": (raw - fitted.min(axis=0)) / np.ptp(fitted, axis=0),
    }[scaling]
    inputs = FAMILY.view(made, 0)
    np.testing.assert_allclose(inputs[:, :2], expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(inputs[:, 2:], 0)


def test_runs_that_look_at_the_same_plane_share_its_grid_and_others_do_not() -> None:
    assert FAMILY.view(setup(), 0) is FAMILY.view(setup(seed=3, data={"kind": "xor", "noise": 10}), 0)
    standard = {"data": {"scaling": "standard"}}
    assert not np.array_equal(FAMILY.view(setup(**standard), 0), FAMILY.view(setup(seed=3, **standard), 0))
    swapped = setup(data={"features": ["x2", "x1"]})
    np.testing.assert_array_equal(FAMILY.view(swapped, 0)[:, 0], FAMILY.view(setup(), 0)[:, 1])


def test_feature_maps_show_the_feature_and_not_its_scale() -> None:
    features = ["x1", "x2", "x1^2", "sin(x1)", "radius"]
    plain, scaled = (
        feature_maps(setup(data={"features": features, "scaling": scaling})) for scaling in ("none", "standard")
    )
    assert plain.shape == (5, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    np.testing.assert_allclose(scaled, plain, atol=1e-5)
    line = np.linspace(-1, 1, THUMBNAIL_SIDE)
    np.testing.assert_allclose(plain[0], np.tile(line, (THUMBNAIL_SIDE, 1)), atol=1e-6)
    np.testing.assert_allclose(plain[1], np.tile(line, (THUMBNAIL_SIDE, 1)).T, atol=1e-6)
    np.testing.assert_allclose(plain[2][0], line**2, atol=1e-6)
    assert np.abs(plain).max() == pytest.approx(1)
