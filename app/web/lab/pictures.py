"""Small pictures that never change: a thumbnail of each kind of data and of each input feature.

Computed once in a process, from the generators and formulas themselves. A thumbnail is a few SVG paths, so that style
sheets colour it: points are strokes of length 0 with round ends, pixels of pictures are runs of one shade.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import PointSet
from app.data.features import compute_features
from app.data.pictures.registry import draw_pictures
from app.data.registry import generate
from app.schemas.data import DATA_KINDS, FEATURES, DataBase, FeatureName, Generated, Points
from app.schemas.picture_data import Digits, Shapes
from app.schemas.resolve import Problem

THUMBNAIL_SIZE = 40
_MARGIN = 3
_POINTS = 90
_SEED = 3
_FEATURE_SIDE = 24
_PLANE = 6.0
_PICTURES = 40
_SHADES_OF_GREY = 4
# Values of a regression set are shown in five shades.
_SHADES = np.array([-0.6, -0.15, 0.15, 0.6])


@dataclass(frozen=True)
class Mark:
    """The points of one class or shade."""

    style: str
    """The class of the style sheet."""
    path: str
    """An SVG path."""


@dataclass(frozen=True)
class KindPicture:
    """The thumbnail of one kind of data."""

    kind: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class FeatureMap:
    """A feature over the plane as quantised bytes, in the shape of a frame's maps."""

    shape: tuple[int, int]
    range: tuple[float, float]
    data: str
    """Base64; row 0 has the lowest x2."""


@cache
def kind_pictures() -> tuple[KindPicture, ...]:
    """Thumbnails of all kinds that can be drawn here: without anybody's own data, and without the internet."""
    drawn = (_mosaic(Digits(samples=_PICTURES)), _mosaic(Shapes(samples=_PICTURES, position=0.2)))
    return (*(_kind_picture(model) for model in DATA_KINDS if model is not Points), *drawn)


@cache
def feature_map(name: FeatureName) -> FeatureMap:
    """The feature over ±6, with a range symmetric around 0."""
    axis = np.linspace(-_PLANE, _PLANE, _FEATURE_SIDE)
    x1, x2 = np.meshgrid(axis, axis)
    values = compute_features((name,), np.stack([x1.ravel(), x2.ravel()], axis=1))[:, 0]
    limit = float(np.abs(values).max())
    pixels = np.round((values + limit) / (2 * limit) * 255).astype(np.uint8)
    return FeatureMap((_FEATURE_SIDE, _FEATURE_SIDE), (-limit, limit), base64.b64encode(pixels.tobytes()).decode())


def feature_maps() -> dict[FeatureName, FeatureMap]:
    """All of them, in the order of the schema."""
    return {name: feature_map(name) for name in FEATURES}


def _kind_picture(model: type[DataBase]) -> KindPicture:
    spec = model.model_validate({"samples": _POINTS} if issubclass(model, Generated) else {})
    dataset = generate(spec, _SEED, None)  # pyright: ignore[reportArgumentType] - a DataBase of DATA_KINDS is a Data
    return KindPicture(str(model.model_fields["kind"].default), dataset_marks(dataset))


def _mosaic(spec: Digits | Shapes) -> KindPicture:
    """Four pictures of different classes."""
    drawn = draw_pictures(spec, _SEED, None)
    firsts = [int(np.flatnonzero(drawn.labels == label)[0]) for label in range(4)]
    one, two, three, four = drawn.pictures[firsts, 0]
    return KindPicture(spec.kind, tuple(_shades(np.block([[one, two], [three, four]]))))


def _shades(values: NDArray[np.float32]) -> Iterator[Mark]:
    """Pixels from 0 to 1 as runs of few shades; the darkest is left out."""
    size = THUMBNAIL_SIZE / len(values)
    shades = np.round(values * (_SHADES_OF_GREY - 1)).astype(int)
    for shade in range(1, _SHADES_OF_GREY):
        runs = (
            f"M{start * size:g} {row * size:g}h{(end - start) * size:g}v{size:g}H{start * size:g}z"
            for row, line in enumerate(shades == shade)
            for start, end in np.flatnonzero(np.diff(line, prepend=False, append=False)).reshape(-1, 2).tolist()
        )
        yield Mark(f"pixels grey-{shade}", "".join(runs))


def dataset_marks(dataset: PointSet) -> tuple[Mark, ...]:
    """The points of a dataset as a thumbnail, some of them where there are many."""
    thin = slice(None, None, max(1, len(dataset.labels) // _POINTS))
    (x_low, x_high), (y_low, y_high) = dataset.domain
    scale = THUMBNAIL_SIZE - 2 * _MARGIN
    x = _MARGIN + (dataset.points[thin, 0] - x_low) / (x_high - x_low) * scale
    y = THUMBNAIL_SIZE - _MARGIN - (dataset.points[thin, 1] - y_low) / (y_high - y_low) * scale
    groups, styles = _groups(dataset.labels[thin], dataset.problem)
    marks = (Mark(style, _dots(x[groups == index], y[groups == index])) for index, style in enumerate(styles))
    return tuple(mark for mark in marks if mark.path)


def _groups(labels: NDArray[np.float64], problem: Problem) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The group of each point, and the style of each group: classes, or shades of values."""
    if problem.task == "regression":
        largest = np.abs(labels).max(initial=np.finfo(np.float64).tiny)
        shades = np.asarray(np.searchsorted(_SHADES, labels / largest), dtype=np.int64)
        return shades, tuple(f"shade-{index}" for index in range(len(_SHADES) + 1))
    if problem.classes == 2:
        return labels.astype(np.int64), ("negative", "positive")
    return labels.astype(np.int64), tuple(f"class-{index}" for index in range(problem.classes))


def _dots(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    return "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(x, y, strict=True))
