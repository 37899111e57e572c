"""Drawn shapes: what can be told from their pixels."""

from typing import Any

import numpy as np
import pytest

from app.data.arrays import FloatArray
from app.data.dataset import PictureSet
from app.schemas.picture_data import SHAPES
from tests.data.pictures.cases import drawn

FREE: dict[str, Any] = {"position": 1, "scale": 1, "rotation": 1, "classes": len(SHAPES)}


@pytest.fixture(scope="module")
def free() -> PictureSet:
    return drawn("shapes", samples=800, side=32, task="detection", **FREE)


def test_they_are_grey_pictures_of_equal_classes() -> None:
    data = drawn("shapes")
    assert data.pictures.shape == (2_000, 1, 20, 20)
    assert data.pictures.dtype == np.float32
    assert data.pictures.min() == 0
    assert 0.9 < data.pictures.max() <= 1
    assert data.boxes is None
    assert (data.class_names, data.problem.task, data.problem.classes) == (SHAPES[:4], "classification", 4)
    assert np.bincount(data.labels.astype(int)).tolist() == [500] * 4


def test_the_same_seed_draws_the_same_and_another_one_others() -> None:
    first, same, other = (drawn("shapes", samples=40, seed=seed).pictures for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_shape_lies_within_its_picture_and_its_box_fits_closely(free: PictureSet) -> None:
    assert free.problem.task == "detection"
    assert free.boxes is not None
    for picture, (x, y, width, height) in zip(free.pictures[:, 0], 32 * free.boxes.astype(float), strict=True):
        for middle, extent, seen in ((x, width, picture.max(axis=0)), (y, height, picture.max(axis=1))):
            low, high = middle - extent / 2, middle + extent / 2
            first, last = np.flatnonzero(seen > 0)[[0, -1]]
            # A pixel is touched where its middle is less than half a pixel from the shape.
            assert first + 1 > low > first - 1
            assert last < high < last + 2
            assert -1e-4 <= low < high <= 32 + 1e-4


def test_boxes_do_not_depend_on_how_finely_shapes_are_drawn() -> None:
    coarse, fine = (drawn("shapes", samples=64, side=side, task="detection", **FREE) for side in (16, 32))
    assert coarse.boxes is not None
    assert fine.boxes is not None
    np.testing.assert_array_equal(coarse.boxes, fine.boxes)


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("circle", np.pi * 0.85**2),
        ("square", 2.0),
        ("triangle", 3 * np.sqrt(3) / 4),
        ("star", 10 * 0.4 * np.sin(np.pi / 5) / 2),
        ("cross", 4 * np.sqrt(1 - 0.26**2) * 0.52 - 0.52**2),
        ("ring", np.pi * (0.95**2 - 0.5**2)),
        ("diamond", 1.0),
        ("bars", 3 * 1.6 * 0.32),
    ],
)
def test_a_shape_covers_its_area(name: str, area: float) -> None:
    data = drawn("shapes", samples=80, side=32, position=0, scale=0, rotation=1, classes=len(SHAPES))
    mine = data.pictures[data.labels == SHAPES.index(name)]
    brightness = mine.max(axis=(1, 2, 3))
    covered = (mine.sum(axis=(1, 2, 3)) / brightness).mean()
    assert covered == pytest.approx(area * (0.3 * 32) ** 2, rel=0.04)


def test_at_any_angle_each_shape_is_told_from_the_others_by_what_turning_does_not_change() -> None:
    """By how much of the smallest circle around it a shape fills, and how much of its middle."""
    data = drawn("shapes", samples=800, side=32, position=0, scale=0, rotation=1, classes=len(SHAPES))
    shapes = data.pictures[:, 0] / data.pictures.max(axis=(1, 2, 3))[:, np.newaxis, np.newaxis]
    features = np.stack([_within(shapes, low, high) for low, high in ((0, 3), (3, 6), (6, 9), (9, 16))], axis=1)
    means = np.array([features[data.labels == label].mean(axis=0) for label in range(len(SHAPES))])
    nearest = np.linalg.norm(features[:, np.newaxis] - means, axis=2).argmin(axis=1)
    assert (nearest == data.labels).mean() > 0.99


def _within(shapes: FloatArray, low: float, high: float) -> FloatArray:
    line = np.arange(32) - 15.5
    radius = np.hypot(line, line[:, np.newaxis])
    ring = (radius >= low) & (radius < high)
    return shapes[:, ring].mean(axis=1)


def test_fixed_shapes_of_a_class_differ_in_brightness_alone() -> None:
    data = drawn("shapes", samples=80, position=0, scale=0, rotation=0)
    for label in range(4):
        mine = data.pictures[data.labels == label]
        relative = mine / mine.max(axis=(1, 2, 3), keepdims=True)
        np.testing.assert_allclose(relative, np.broadcast_to(relative[:1], relative.shape), atol=1e-5)
    brightness = data.pictures.max(axis=(1, 2, 3))
    assert 0.7 <= brightness.min() < 0.75
    assert 0.95 < brightness.max() <= 1


@pytest.mark.parametrize(("field", "least", "most"), [("position", 0.0, 0.2), ("scale", 0.24, 0.42)])
def test_places_and_sizes_differ_as_far_as_they_may(field: str, least: float, most: float) -> None:
    fixed: dict[str, Any] = {"position": 0, "scale": 0, "rotation": 0, "classes": 3, "task": "detection"}
    fixed[field] = 1
    boxes = drawn("shapes", samples=3_000, **fixed).boxes
    assert boxes is not None
    circles = boxes[::3]
    told = np.abs(circles[:, :2] - 0.5).max(axis=1) if field == "position" else circles[:, 2] / 2 / 0.85
    assert told.min() == pytest.approx(least, abs=0.02)
    assert told.max() == pytest.approx(most, abs=0.01)
