"""A receptive field holds all that a place depends on, and no line or column more than it must."""

import numpy as np
import pytest

from app.nn.pictures.receptive import Field, receptive_field
from app.nn.pictures.stack import Stack
from app.schemas.picture_network import (
    AveragePool,
    BatchNorm,
    Conv2D,
    Dropout,
    Flatten,
    LayerNorm,
    MaxPool,
    PictureLayer,
    Residual,
)
from tests.nn.pictures.reference import Reference
from tests.nn.pictures.stacks import random_layers, random_tensors

SHAPE = (1, 9, 8)


@pytest.mark.parametrize(
    ("layers", "place", "field"),
    [
        ([Conv2D(kernel=3)], (2, 5), (2, 5, 3, 3)),
        ([Conv2D(kernel=3, padding=1)], (0, 0), (-1, -1, 3, 3)),
        ([Conv2D(kernel=3, stride=2, dilation=2, padding=1)], (1, 2), (1, 3, 5, 5)),
        ([MaxPool()], (1, 2), (2, 4, 2, 2)),
        ([AveragePool(size=3, stride=1)], (1, 2), (1, 2, 3, 3)),
        ([Residual(stride=2)], (1, 1), (-1, -1, 7, 7)),
        ([Conv2D(kernel=3), BatchNorm(), Dropout(), MaxPool(), Conv2D(kernel=2)], (0, 1), (0, 2, 6, 6)),
        ([Conv2D(kernel=3), LayerNorm(), MaxPool()], (0, 1), (0, 0, 9, 8)),
    ],
)
def test_windows_on_windows(
    layers: list[PictureLayer], place: tuple[int, int], field: tuple[int, int, int, int]
) -> None:
    assert receptive_field(layers, SHAPE, *place) == Field(*field)


@pytest.mark.parametrize("seed", range(20))
def test_what_lies_outside_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = random_layers(rng, SHAPE, 2)
    stack = Stack(layers, SHAPE, 2)
    reference = Reference(layers, *random_tensors(rng, stack))
    layer = max((index for index, shape in enumerate(stack.shapes) if len(shape) > 1), default=None)
    if layer is None:
        return
    y, x = (int(rng.integers(side)) for side in stack.shapes[layer][1:])
    field = receptive_field(layers[: layer + 1], SHAPE, y, x)
    picture = rng.uniform(0, 1, (1, *SHAPE))
    other = rng.uniform(0, 1, (1, *SHAPE))
    inside = (
        slice(max(0, field.top), max(0, field.top + field.height)),
        slice(max(0, field.left), max(0, field.left + field.width)),
    )
    other[..., *inside] = picture[..., *inside]
    one, two = (reference.respond(each, training=False)[1][layer][0, :, y, x] for each in (picture, other))
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_every_corner_of_it_counts() -> None:
    layers: list[PictureLayer] = [
        Conv2D(filters=2, activation="tanh"),
        AveragePool(),
        Conv2D(kernel=2, activation="tanh"),
    ]
    stack = Stack((*layers, Flatten()), SHAPE, 2)
    reference = Reference((*layers, Flatten()), *random_tensors(np.random.default_rng(0), stack))
    field = receptive_field(layers, SHAPE, 1, 0)
    picture = np.random.default_rng(1).uniform(0, 1, (1, *SHAPE))

    def value(picture: np.ndarray) -> float:
        return float(reference.respond(picture, training=False)[1][2][0, 0, 1, 0])

    for line in (field.top, field.top + field.height - 1):
        for column in (field.left, field.left + field.width - 1):
            changed = picture.copy()
            changed[0, 0, line, column] += 0.5
            assert value(changed) != value(picture)
