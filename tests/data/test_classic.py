"""The reference's geometry, told again from its description; labels are compared with what noise allows."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.data.cases import dataset

FloatArray = NDArray[np.float64]
DISPLACED = ("circle", "xor", "plane", "multi_gaussian")
HILLS = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]


def sides(labels: FloatArray) -> tuple[int, int]:
    return int((labels == 0).sum()), int((labels == 1).sum())


@pytest.mark.parametrize(
    ("kind", "samples"),
    [("circle", 500), ("xor", 500), ("gaussian", 500), ("spiral", 500), ("plane", 1200), ("multi_gaussian", 1200)],
)
def test_as_many_points_as_the_reference_draws_or_as_were_asked_for(kind: str, samples: int) -> None:
    assert dataset(kind).points.shape == (samples, 2)
    asked = dataset(kind, samples=77)
    assert asked.points.shape == (77, 2)
    assert asked.labels.shape == (77,)
    assert asked.domain == ((-6.0, 6.0), (-6.0, 6.0))
    assert asked.axis_names == ("x1", "x2")


@pytest.mark.parametrize("kind", ["circle", "gaussian", "spiral"])
def test_both_classes_get_half_of_the_samples(kind: str) -> None:
    assert sides(dataset(kind).labels) == (250, 250)
    assert sorted(sides(dataset(kind, samples=11).labels)) == [5, 6]


@pytest.mark.parametrize("kind", DISPLACED)
def test_noise_moves_labels_but_not_points(kind: str) -> None:
    quiet, noisy = dataset(kind), dataset(kind, noise=50)
    np.testing.assert_array_equal(quiet.points, noisy.points)
    assert not np.array_equal(quiet.labels, noisy.labels)


@pytest.mark.parametrize("kind", ["gaussian", "spiral"])
def test_noise_moves_points_but_not_labels(kind: str) -> None:
    quiet, noisy = dataset(kind), dataset(kind, noise=50)
    np.testing.assert_array_equal(quiet.labels, noisy.labels)
    assert not np.any(quiet.points == noisy.points)


def test_circle_is_a_disc_inside_a_ring() -> None:
    data = dataset("circle", samples=4000)
    radius = np.hypot(data.points[:, 0], data.points[:, 1])
    inside, outside = radius[data.labels == 1], radius[data.labels == 0]
    # Uniform in the radius, not over the area.
    np.testing.assert_allclose(np.quantile(inside, [0, 0.25, 0.5, 0.75, 1]), [0, 0.625, 1.25, 1.875, 2.5], atol=0.12)
    np.testing.assert_allclose(np.quantile(outside, [0, 0.5, 1]), [3.5, 4.25, 5], atol=0.1)
    assert inside.max() < 2.5
    assert outside.min() >= 3.5
    quadrants = np.bincount((data.points > 0) @ np.array([1, 2]))
    assert quadrants.min() > 900


def test_xor_is_the_sign_of_the_product_away_from_the_axes() -> None:
    data = dataset("xor", samples=2000)
    assert np.abs(data.points).min() >= 0.3
    assert 5.2 < np.abs(data.points).max() <= 5.3
    np.testing.assert_array_equal(data.labels == 1, data.points[:, 0] * data.points[:, 1] >= 0)


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (25, 2.25), (50, 4.0)])
def test_gaussian_clouds_widen_with_noise(noise: float, variance: float) -> None:
    data = dataset("gaussian", samples=8000, noise=noise)
    for label, centre in ((1, 2.0), (0, -2.0)):
        cloud = data.points[data.labels == label]
        np.testing.assert_allclose(cloud.mean(axis=0), [centre, centre], atol=0.15)
        np.testing.assert_allclose(np.cov(cloud.T), variance * np.eye(2), atol=0.1 * variance)


def test_plane_is_a_tenth_of_the_sum() -> None:
    data = dataset("plane")
    assert 5.9 < np.abs(data.points).max() <= 6
    np.testing.assert_allclose(data.labels, (data.points[:, 0] + data.points[:, 1]) / 10)


def test_multi_gaussian_takes_the_strongest_of_six_hills() -> None:
    data = dataset("multi_gaussian")
    expected: list[float] = []
    for x, y in data.points:
        value = 0.0
        for centre_x, centre_y, sign in HILLS:
            hill = sign * max(0.0, 1 - float(np.hypot(x - centre_x, y - centre_y)) / 2)
            value = hill if abs(hill) > abs(value) else value
        expected.append(value)
    np.testing.assert_allclose(data.labels, expected, atol=1e-12)
    assert data.labels.min() < -0.8
    assert data.labels.max() > 0.8


def test_noise_displaces_within_its_bounds() -> None:
    data = dataset("plane", noise=20)
    error = data.labels * 10 - data.points.sum(axis=1)
    assert 2.0 < np.abs(error).max() <= 2 * 6 * 0.2
    # A sum of two uniform displacements of ±1.2 each.
    assert error.std() == pytest.approx(1.2 * np.sqrt(2 / 3), rel=0.1)


@pytest.mark.parametrize(("kind", "wrong"), [("circle", 0.5), ("xor", 0.5)])
def test_noise_swaps_as_many_labels_as_independent_displacements_do(kind: str, wrong: float) -> None:
    quiet, noisy = dataset(kind, samples=8000), dataset(kind, samples=8000, noise=50)
    displaced = quiet.points + np.random.default_rng(1).uniform(-5, 5, quiet.points.shape) * 0.5
    inside = np.hypot(displaced[:, 0], displaced[:, 1]) < 2.5
    expected = inside if kind == "circle" else displaced.prod(axis=1) >= 0
    assert (noisy.labels != quiet.labels).mean() == pytest.approx((expected != quiet.labels).mean(), abs=0.02)
    assert 0 < (noisy.labels != quiet.labels).mean() < wrong


def test_spiral_winds_two_arms_without_chance() -> None:
    data = dataset("spiral")
    i = np.arange(250)
    radius, angle = i / 250 * 5, 1.75 * i / 250 * 2 * np.pi
    positive = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    np.testing.assert_allclose(data.points[data.labels == 1], positive, atol=1e-12)
    np.testing.assert_allclose(data.points[data.labels == 0], -positive, atol=1e-12)


def test_spiral_noise_moves_each_coordinate_within_its_bounds() -> None:
    moved = dataset("spiral", noise=30).points - dataset("spiral").points
    assert 0.28 < np.abs(moved).max() <= 0.3
    assert abs(moved.mean()) < 0.03
    assert moved.std() == pytest.approx(0.3 / np.sqrt(3), rel=0.1)
