"""What part of the picture a place of a map sees: arithmetic of windows, strides and paddings alone."""

from collections.abc import Sequence
from typing import NamedTuple

from app.nn.pictures.shapes import reach
from app.schemas.picture_network import AveragePool, BatchNorm, Conv2D, Dropout, MaxPool, PictureLayerBase, Residual

_Span = tuple[int, int]
"""First and last."""


class Field(NamedTuple):
    """A rectangle of the picture, which may reach beyond its edges."""

    top: int
    left: int
    height: int
    width: int


def receptive_field(layers: Sequence[PictureLayerBase], shape: tuple[int, int, int], y: int, x: int) -> Field:
    """What the place (y, x) of the last layer's maps depends on, for pictures of `shape`.

    Of a layer that mixes all places, such as layer norm, that is the whole picture.
    """
    rows, columns = (y, y), (x, x)
    for layer in reversed(layers):
        if not isinstance(layer, Conv2D | MaxPool | AveragePool | Residual | BatchNorm | Dropout):
            return Field(0, 0, *shape[1:])
        for size, stride, padding in _windows(layer):
            rows, columns = _before(rows, size, stride, padding), _before(columns, size, stride, padding)
    return Field(rows[0], columns[0], rows[1] - rows[0] + 1, columns[1] - columns[0] + 1)


def _before(span: _Span, size: int, stride: int, padding: int) -> _Span:
    return span[0] * stride - padding, span[1] * stride - padding + size - 1


def _windows(layer: PictureLayerBase) -> Sequence[tuple[int, int, int]]:
    """The size, stride and padding of each window on the way back through a layer."""
    match layer:
        case Conv2D():
            return [(reach(layer), layer.stride, layer.padding)]
        case MaxPool() | AveragePool():
            return [(layer.size, layer.stride or layer.size, 0)]
        case Residual():
            return [(3, 1, 1), (3, layer.stride, 1)]
        case _:
            return []
