"""What shape each layer of a network for pictures gives on, and where layers cannot follow each other: told in words.

A shape is (channels, height, width) while it is a picture and (values,) once it is a row.
"""

from collections.abc import Sequence
from math import prod

from app.errors import InvalidInput
from app.schemas.picture_network import (
    AveragePool,
    Conv2D,
    Flatten,
    GlobalAveragePool,
    MaxPool,
    PictureDense,
    PictureLayerBase,
    Residual,
)

Shape = tuple[int, ...]


def output_shapes(layers: Sequence[PictureLayerBase], shape: Shape, outputs: int) -> tuple[Shape, ...]:
    """The shape that each layer gives on, the output layer last, for pictures of `shape`.

    Raises InvalidInput at `network.layers.{index}` for the first layer that cannot take what the one before gives on.
    """
    shapes, problem = followed(layers, shape)
    if problem:
        raise InvalidInput.at(f"network.layers.{len(shapes)}", problem)
    last = shapes[-1] if shapes else shape
    if len(last) > 1:
        raise InvalidInput.at(
            "network.layers",
            f"the last layer gives on a picture ({in_words(last)}), but the output layer takes a row of numbers: add "
            "Flatten or Global average pooling at the end",
        )
    return (*shapes, (outputs,))


def followed(layers: Sequence[PictureLayerBase], shape: Shape) -> tuple[tuple[Shape, ...], str]:
    """The shape that each layer gives on, as far as they can follow each other, and why the next cannot."""
    shapes: list[Shape] = []
    for layer in layers:
        problem = _problem(layer, shape)
        if problem:
            return tuple(shapes), problem
        shape = _output_shape(layer, shape)
        shapes.append(shape)
    return tuple(shapes), ""


def in_words(shape: Shape) -> str:
    """As people write it: "8 maps of 4 × 4", or "128 numbers"."""
    if len(shape) == 1:
        return _counted(shape[0], "number")
    return f"{_counted(shape[0], 'map')} of {_sides(shape)}"


def covered(size: int, stride: int, length: int, padding: int = 0) -> int:
    """How many windows of `size`, `stride` apart, fit into `length`; those that do not fit are left out."""
    return (length + 2 * padding - size) // stride + 1


def reach(layer: Conv2D) -> int:
    """The height and width that a kernel spans, dilation included."""
    return layer.dilation * (layer.kernel - 1) + 1


def _output_shape(layer: PictureLayerBase, shape: Shape) -> Shape:
    match layer:
        case Conv2D():
            sides = (covered(reach(layer), layer.stride, side, layer.padding) for side in shape[1:])
            return (layer.filters, *sides)
        case MaxPool() | AveragePool():
            return (shape[0], *(covered(layer.size, layer.stride or layer.size, side) for side in shape[1:]))
        case Residual():
            return (layer.filters, *(covered(3, layer.stride, side, 1) for side in shape[1:]))
        case GlobalAveragePool():
            return shape[:1]
        case Flatten():
            return (prod(shape),)
        case PictureDense():
            return (layer.units,)
        case _:
            return shape


def _problem(layer: PictureLayerBase, shape: Shape) -> str:
    """Why `layer` cannot take what has `shape`; nothing where it can."""
    is_row = len(shape) == 1
    match layer:
        case PictureDense() if not is_row:
            return (
                f"a dense layer takes a row of numbers, but here it still is a picture ({in_words(shape)}): add "
                "Flatten or Global average pooling before it"
            )
        case Flatten() if is_row:
            return f"here it already is a row of {in_words(shape)}: remove this Flatten"
        case Conv2D() | MaxPool() | AveragePool() | GlobalAveragePool() | Residual() if is_row:
            return (
                f"{_NAMES[type(layer)]} takes a picture, but here it already is a row of {in_words(shape)}: move it "
                "before the layer that made a row of it"
            )
        case Conv2D():
            return _conv_problem(layer, shape)
        case MaxPool() | AveragePool() if layer.size > min(shape[1:]):
            return (
                f"a window of {layer.size} × {layer.size} does not fit into {_sides(shape)}: choose a smaller window, "
                "or remove a layer before it that shrinks the picture"
            )
        case _:
            return ""


def _conv_problem(layer: Conv2D, shape: Shape) -> str:
    padded = (shape[0], *(side + 2 * layer.padding for side in shape[1:]))
    if reach(layer) <= min(padded[1:]):
        return ""
    spread = f", which dilation {layer.dilation} spreads over {reach(layer)}," if layer.dilation > 1 else ""
    around = f" ({_sides(shape)} with its padding)" if layer.padding else ""
    return (
        f"kernel {layer.kernel}{spread} does not fit into {_sides(padded)}{around}: choose a smaller kernel or more "
        "padding, or remove a layer before it that shrinks the picture"
    )


_NAMES = {
    Conv2D: "a convolution",
    MaxPool: "max pooling",
    AveragePool: "average pooling",
    GlobalAveragePool: "global average pooling",
    Residual: "a residual block",
}


def _sides(shape: Shape) -> str:
    return " × ".join(str(side) for side in shape[1:])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
