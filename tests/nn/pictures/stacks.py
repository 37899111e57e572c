"""Random networks for pictures, small enough to compile in no time, of all kinds of layers."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.data.streams import stream
from app.errors import InvalidInput
from app.nn.pictures.stack import Named, Stack
from app.schemas.network import ACTIVATIONS, ActivationName, HeInitializer
from app.schemas.picture_network import (
    AveragePool,
    BatchNorm,
    Conv2D,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LayerNorm,
    MaxPool,
    PictureDense,
    PictureLayer,
    Residual,
)

Draw = Callable[[np.random.Generator], PictureLayer]


def random_layers(
    rng: np.random.Generator, shape: tuple[int, int, int], outputs: int, *, dropout: bool = True
) -> tuple[PictureLayer, ...]:
    """Layers that can follow each other: up to four of pictures, one that makes a row, up to two of rows."""
    layers: tuple[PictureLayer, ...] = ()
    makes_row: Draw = _flatten if rng.random() < 0.6 else _global_average_pool
    for choices, count in ((_OF_PICTURES, rng.integers(1, 5)), ((makes_row,), 1), (_OF_ROWS, rng.integers(0, 3))):
        for _ in range(count):
            layer = choices[rng.integers(len(choices))](rng)
            if (dropout or not isinstance(layer, Dropout)) and _fits((*layers, layer), shape, outputs):
                layers = (*layers, layer)
    return layers


def random_tensors(rng: np.random.Generator, stack: Stack) -> tuple[Named, Named]:
    """Parameters and statistics by name, such as none is 0 and no scale 1."""
    parameters, statistics = stack.initial(HeInitializer(), partial(stream, int(rng.integers(2**32))))
    parameters = parameters + rng.normal(0, 0.2, parameters.size)
    statistics = statistics + rng.uniform(0.1, 0.5, statistics.size)
    return (
        stack.parameters.unpack(parameters.astype(np.float32)),
        stack.statistics.unpack(statistics.astype(np.float32)),
    )


def _fits(layers: tuple[PictureLayer, ...], shape: tuple[int, int, int], outputs: int) -> bool:
    """Whether each layer can take what the one before gives on; a row may still be to be made."""
    try:
        Stack(layers, shape, outputs)
    except InvalidInput as error:
        return error.errors[0].path == "network.layers"
    return True


def _conv(rng: np.random.Generator) -> PictureLayer:
    return Conv2D(
        filters=int(rng.integers(1, 5)),
        kernel=int(rng.integers(1, 5)),
        stride=int(rng.integers(1, 3)),
        padding=int(rng.integers(0, 3)),
        dilation=int(rng.integers(1, 3)),
        activation=_activation(rng),
    )


def _max_pool(rng: np.random.Generator) -> PictureLayer:
    return MaxPool(size=int(rng.integers(2, 4)), stride=_stride(rng))


def _average_pool(rng: np.random.Generator) -> PictureLayer:
    return AveragePool(size=int(rng.integers(2, 4)), stride=_stride(rng))


def _batch_norm(rng: np.random.Generator) -> PictureLayer:
    return BatchNorm(momentum=float(rng.choice([0.0, 0.7, 0.9])), activation=_activation(rng))


def _layer_norm(rng: np.random.Generator) -> PictureLayer:
    return LayerNorm(activation=_activation(rng))


def _residual(rng: np.random.Generator) -> PictureLayer:
    return Residual(filters=int(rng.integers(1, 4)), stride=int(rng.integers(1, 3)), activation=_activation(rng))


def _dropout(rng: np.random.Generator) -> PictureLayer:
    return Dropout(rate=float(rng.uniform(0.1, 0.5)))


def _dense(rng: np.random.Generator) -> PictureLayer:
    return PictureDense(units=int(rng.integers(1, 7)), activation=_activation(rng))


def _flatten(rng: np.random.Generator) -> PictureLayer:
    del rng
    return Flatten()


def _global_average_pool(rng: np.random.Generator) -> PictureLayer:
    del rng
    return GlobalAveragePool()


def _stride(rng: np.random.Generator) -> int | None:
    return (None, 1, 2, 3)[rng.integers(4)]


def _activation(rng: np.random.Generator) -> ActivationName:
    return ACTIVATIONS[rng.integers(len(ACTIVATIONS))]


_OF_PICTURES: tuple[Draw, ...] = (_conv, _conv, _max_pool, _average_pool, _batch_norm, _layer_norm, _residual, _dropout)
_OF_ROWS: tuple[Draw, ...] = (_dense, _dense, _batch_norm, _layer_norm, _dropout)
