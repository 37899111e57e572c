"""Drawn shapes: a bright one of its own place, size and angle on black, with soft edges.

All stay what they are at any angle: what is called a diamond is a rhombus twice as high as wide, so that no square can
be taken for one. Each is drawn from its signed distance, in pixels, by which a pixel's share of it is told.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.data.arrays import FloatArray
from app.data.dataset import PictureSet
from app.data.pictures.selection import sample_count
from app.schemas.picture_data import SHAPES, Shapes
from app.schemas.resolve import Problem

Single = NDArray[np.floating]
"""Single precision, enough for what a pixel shows, in half the time."""
Outline = NDArray[np.float64]
"""(corners, 2) the x and y of a polygon's corners in order, within the unit circle; y grows downwards."""

_HOLE = 0.5
_MIDDLE_RADIUS, _SMALLER, _LARGER = 0.3, 0.06, 0.12
"""The radius of the circle around a shape, as a share of the side, and by how much it varies at most."""
_DARKEST = 0.7


def _regular(corners: int, radius: float = 1.0) -> Outline:
    """A regular polygon that stands on a side."""
    angle = np.pi / 2 + np.pi / corners + 2 * np.pi * np.arange(corners) / corners
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _star() -> Outline:
    angle = -np.pi / 2 + np.pi * np.arange(10) / 5
    radius = np.where(np.arange(10) % 2 == 0, 1.0, 0.4)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _cross() -> Outline:
    arm = 0.26
    end = np.sqrt(1 - arm**2)
    arm_corners = np.array([[arm, arm], [end, arm], [end, -arm]])
    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in -np.pi / 2 * np.arange(4)]
    return np.concatenate([arm_corners @ turn.T for turn in turns])


def _bar(middle: float) -> Outline:
    half, end = 0.16, 0.8
    return np.array([[-end, middle - half], [end, middle - half], [end, middle + half], [-end, middle + half]])


_DIAMOND = np.array([[0.0, -1.0], [0.5, 0.0], [0.0, 1.0], [-0.5, 0.0]])
_DISCS: Mapping[str, float] = {"circle": 0.85, "ring": 0.95}
_OUTLINES: Mapping[str, tuple[Outline, ...]] = {
    "square": (_regular(4),),
    "triangle": (_regular(3),),
    "star": (_star(),),
    "cross": (_cross(),),
    "diamond": (_DIAMOND,),
    "bars": (_bar(-0.44), _bar(0.0), _bar(0.44)),
}
"""What each shape is made of: the radius of a disc, or polygons."""


def shapes(spec: Shapes, rng: np.random.Generator) -> PictureSet:
    """The first `spec.classes` of SHAPES in turn, each within its picture.

    The same numbers are drawn however freely shapes may vary, so that each only goes further. The boxes of a detection
    are those around the shapes themselves, to fractions of a pixel.
    """
    side = spec.side
    count = sample_count(spec, (1, side, side))
    across, down, size, turn, light = rng.uniform(-1, 1, (5, count))
    radius = _MIDDLE_RADIUS + spec.scale * np.where(size < 0, _SMALLER, _LARGER) * size
    middle = 0.5 + spec.position * (0.5 - radius)[:, np.newaxis] * np.stack([across, down], axis=1)
    angle = np.pi * spec.rotation * turn
    labels = np.arange(count) % spec.classes
    pictures = np.empty((count, 1, side, side), dtype=np.float32)
    boxes = np.empty((count, 4), dtype=np.float32)
    for label, name in enumerate(SHAPES[: spec.classes]):
        mine = labels == label
        pictures[mine, 0] = _drawn(name, side, middle[mine], radius[mine], angle[mine])
        boxes[mine] = _boxes(name, middle[mine], radius[mine], angle[mine])
    brightness = (1 + _DARKEST + (1 - _DARKEST) * light) / 2
    pictures *= brightness.astype(np.float32).reshape(count, 1, 1, 1)
    return PictureSet(
        labels=labels.astype(np.float64),
        problem=Problem(spec.task, spec.classes),
        class_names=SHAPES[: spec.classes],
        pictures=pictures,
        boxes=boxes if spec.task == "detection" else None,
    )


def _drawn(name: str, side: int, middle: FloatArray, radius: FloatArray, angle: FloatArray) -> Single:
    """The share of each pixel (n, side, side) that a shape covers, of given middles (n, 2), radii and angles (n,)."""
    line = (np.arange(side, dtype=np.float32) + 0.5) / side
    x, y = np.meshgrid(line, line)
    given = (array.astype(np.float32) for array in (*middle.T, radius, angle))
    across, down, length, turn = (array[:, np.newaxis, np.newaxis] for array in given)
    x, y = (x - across) / length, (y - down) / length
    distance = _distance(name, np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x)
    return np.clip(0.5 - distance * length * side, 0, 1)


def _distance(name: str, x: Single, y: Single) -> Single:
    """How far points are from a shape within the unit circle; negative within it."""
    if name in _DISCS:
        distance = np.hypot(x, y) - _DISCS[name]
        return np.maximum(distance, _HOLE - np.hypot(x, y)) if name == "ring" else distance
    return np.minimum.reduce([_polygon_distance(outline, x, y) for outline in _OUTLINES[name]])


def _polygon_distance(outline: Outline, x: Single, y: Single) -> Single:
    """The distance from the nearest side; negative where a ray to the right crosses an odd number of sides."""
    nearest = np.full_like(x, np.inf)
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(outline.tolist(), np.roll(outline, -1, axis=0).tolist(), strict=True):
        dx, dy = x2 - x1, y2 - y1
        along = np.clip(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy), 0, 1)
        nearest = np.minimum(nearest, (x - x1 - along * dx) ** 2 + (y - y1 - along * dy) ** 2)
        if dy != 0:
            inside ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * dx / dy)
    return np.where(inside, -1, 1) * np.sqrt(nearest)


def _boxes(name: str, middle: FloatArray, radius: FloatArray, angle: FloatArray) -> FloatArray:
    """Middle's x and y, width and height (n, 4) of the smallest upright box around each shape."""
    if name in _DISCS:
        extent = np.broadcast_to(2 * _DISCS[name] * radius[:, np.newaxis], middle.shape)
        return np.concatenate([middle, extent], axis=1)
    x, y = np.concatenate(_OUTLINES[name]).T
    cos, sin = np.cos(angle)[:, np.newaxis], np.sin(angle)[:, np.newaxis]
    corners = np.stack([cos * x - sin * y, sin * x + cos * y], axis=2) * radius[:, np.newaxis, np.newaxis]
    low, high = corners.min(axis=1), corners.max(axis=1)
    return np.concatenate([middle + (low + high) / 2, high - low], axis=1)
