"""The arithmetic of one unit for one picture, done again in double precision from the network's maps and tensors.

What comes into the layer is the network's own; for the maps inside a residual block, that which comes into the block.
"""

from collections.abc import Sequence
from itertools import product

import jax.numpy as jnp
import numpy as np

from app.nn.activations import FUNCTIONS
from app.nn.losses import sample_losses
from app.nn.pictures.layers import EPSILON
from app.nn.pictures.stack import has_shortcut
from app.probes.packing import pack
from app.probes.pictures.subject import Subject
from app.probes.pictures.words import terms
from app.schemas.explain import Question, UnitExplanation
from app.schemas.network import ActivationName, OutputActivationName
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
    activation_of,
)
from app.schemas.training import LossName
from app.schemas.unit import (
    Answer,
    Arithmetic,
    Convolution,
    Norm,
    PassedOn,
    Place,
    Pooling,
    Product,
    ResidualSum,
    WeightedSum,
)

LARGEST = 20
"""So many products of a dense unit are told one by one."""


def unit_explanation(subject: Subject, question: Question) -> UnitExplanation:
    """How the unit comes to its value. The question must have been checked."""
    assert question.layer is not None, "a unit is one of a layer"
    layer = question.layer
    place = Place(channel=question.channel, y=question.y, x=question.x, unit=question.unit)
    if layer == len(subject.layers):
        arithmetic, activation, value = _answer(subject, place)
    else:
        arithmetic = _arithmetic(subject, layer, subject.layers[layer], place)
        activation = activation_of(subject.layers[layer]) or "linear"
        value = float(_activated(activation, _number(arithmetic.result)))
    return UnitExplanation(
        row=subject.row,
        label=subject.label,
        predicted=subject.predicted,
        layer=layer,
        layer_kind=subject.kind(layer),
        place=place,
        arithmetic=arithmetic,
        pre_activation=arithmetic.result,
        activation=activation,
        value=value,
        terms=terms(arithmetic, activation, value),
    )


def _arithmetic(subject: Subject, index: int, layer: PictureLayer, place: Place) -> Arithmetic:
    x = subject.before(index)
    match layer:
        case Conv2D():
            return _convolution(
                subject, index, "", x, place, stride=layer.stride, padding=layer.padding, dilation=layer.dilation
            )
        case PictureDense():
            return _weighted_sum(subject, index, x, place)
        case MaxPool() | AveragePool():
            return _pooling(layer, x, place)
        case GlobalAveragePool():
            window = x[_index(place)[0]]
            rows, columns = (tuple(range(side)) for side in window.shape)
            mean = float(window.mean())
            return Pooling(kind="mean", rows=rows, columns=columns, window=pack(window), winner=None, result=mean)
        case BatchNorm():
            return _batch_norm(subject, index, "", float(x[_index(place)]), place)
        case LayerNorm():
            moments = float(x.mean()), float(x.var())
            return _norm(subject, index, "", float(x[_index(place)]), place, *moments)
        case Residual():
            return _residual(subject, index, layer, x, place)
        case Flatten():
            channel, y, x_ = map(int, np.unravel_index(_index(place)[0], x.shape))
            return PassedOn(source=Place(channel=channel, y=y, x=x_), result=float(x[channel, y, x_]))
        case Dropout():
            return PassedOn(source=place, result=float(x[_index(place)]))


def _index(place: Place) -> tuple[int, ...]:
    """Where a unit lies in what its layer gives on."""
    indices = (place.channel, place.y, place.x) if place.unit is None else (place.unit,)
    return tuple(index for index in indices if index is not None)


def _activated(name: ActivationName, z: np.ndarray | float) -> np.ndarray:
    """An activation outside of programs."""
    return np.asarray(FUNCTIONS[name](jnp.asarray(z, jnp.float32)), np.float64)


def _number(told: float | None) -> float:
    """What is told as null is not finite."""
    return float("nan") if told is None else told


def _convolution(
    subject: Subject,
    index: int,
    name: str,
    x: np.ndarray,
    place: Place,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Convolution:
    channel, y, x_ = _index(place)
    weights = np.moveaxis(subject.tensor(index, f"{name}weight")[..., channel], -1, 0)
    offsets = range(0, weights.shape[1] * dilation, dilation)
    rows = tuple(y * stride - padding + offset for offset in offsets)
    columns = tuple(x_ * stride - padding + offset for offset in offsets)
    patch = _patch(x, rows, columns)
    products = patch * weights
    total, bias = float(products.sum()), float(subject.tensor(index, f"{name}bias")[channel])
    return Convolution(
        rows=rows,
        columns=columns,
        patch=pack(patch),
        weights=pack(weights),
        products=pack(products),
        sum=total,
        bias=bias,
        result=total + bias,
    )


def _patch(x: np.ndarray, rows: Sequence[int], columns: Sequence[int]) -> np.ndarray:
    """(channels, rows, columns) of maps; 0 where they have no such place."""
    patch = np.zeros((len(x), len(rows), len(columns)))
    for (i, row), (j, column) in product(enumerate(rows), enumerate(columns)):
        if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
            patch[:, i, j] = x[:, row, column]
    return patch


def _weighted_sum(subject: Subject, index: int, x: np.ndarray, place: Place) -> WeightedSum:
    (unit,) = _index(place)
    weights, bias = subject.tensor(index, "weight")[:, unit], float(subject.tensor(index, "bias")[unit])
    products = x * weights
    largest = np.argsort(-np.abs(products), kind="stable")[:LARGEST].tolist()
    total = float(products.sum())
    return WeightedSum(
        inputs=pack(x),
        weights=pack(weights),
        largest=tuple(
            Product(input=i, value=float(x[i]), weight=float(weights[i]), product=float(products[i])) for i in largest
        ),
        others=len(products) - len(largest),
        rest=float(np.delete(products, largest).sum()),
        sum=total,
        bias=bias,
        result=total + bias,
    )


def _pooling(layer: MaxPool | AveragePool, x: np.ndarray, place: Place) -> Pooling:
    channel, y, x_ = _index(place)
    stride = layer.stride or layer.size
    rows, columns = (tuple(range(at * stride, at * stride + layer.size)) for at in (y, x_))
    window = x[channel, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if isinstance(layer, AveragePool):
        mean = float(window.mean())
        return Pooling(kind="mean", rows=rows, columns=columns, window=pack(window), winner=None, result=mean)
    row, column = map(int, np.unravel_index(int(np.argmax(window)), window.shape))
    return Pooling(
        kind="largest",
        rows=rows,
        columns=columns,
        window=pack(window),
        winner=Place(channel=channel, y=rows[row], x=columns[column]),
        result=float(window[row, column]),
    )


def _batch_norm(subject: Subject, index: int, name: str, value: float, place: Place) -> Norm:
    channel = _index(place)[0]
    moments = (float(subject.tensor(index, f"{name}running_{kind}")[channel]) for kind in ("mean", "variance"))
    return _norm(subject, index, name, value, place, *moments)


def _norm(subject: Subject, index: int, name: str, value: float, place: Place, mean: float, variance: float) -> Norm:
    scale, shift = (float(subject.tensor(index, f"{name}{kind}")[_index(place)[0]]) for kind in ("weight", "bias"))
    normalised = (value - mean) / float(np.sqrt(variance + EPSILON))
    return Norm(
        value=value,
        mean=mean,
        variance=variance,
        epsilon=EPSILON,
        normalised=normalised,
        scale=scale,
        shift=shift,
        result=normalised * scale + shift,
    )


def _residual(subject: Subject, index: int, layer: Residual, x: np.ndarray, place: Place) -> ResidualSum:
    between = _between(subject, index, layer, x)
    convolution = _convolution(subject, index, "conv2.", between, place, padding=1)
    norm = _batch_norm(subject, index, "norm2.", _number(convolution.result), place)
    if has_shortcut(x.shape, subject.output(index).shape):
        past = _convolution(subject, index, "shortcut.", x, place, stride=layer.stride)
        past_norm = _batch_norm(subject, index, "shortcut_norm.", _number(past.result), place)
    else:
        past, past_norm = PassedOn(source=place, result=float(x[_index(place)])), None
    return ResidualSum(
        convolution=convolution,
        norm=norm,
        past=past,
        past_norm=past_norm,
        result=_number(norm.result) + _number((past_norm or past).result),
    )


def _between(subject: Subject, index: int, layer: Residual, x: np.ndarray) -> np.ndarray:
    """The maps of a residual block after its first convolution, norm and activation."""
    height, width = subject.output(index).shape[1:]
    weights = subject.tensor(index, "conv1.weight")
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    z = np.zeros((weights.shape[-1], height, width))
    for row, column in product(range(3), range(3)):
        stop = row + layer.stride * (height - 1) + 1, column + layer.stride * (width - 1) + 1
        under = padded[:, row : stop[0] : layer.stride, column : stop[1] : layer.stride]
        z += np.tensordot(weights[row, column].T, under, 1)
    tensors = ("conv1.bias", "norm1.running_mean", "norm1.running_variance", "norm1.weight", "norm1.bias")
    bias, mean, variance, scale, shift = (subject.tensor(index, name)[:, None, None] for name in tensors)
    return _activated(layer.activation, (z + bias - mean) / np.sqrt(variance + EPSILON) * scale + shift)


def _answer(subject: Subject, place: Place) -> tuple[Answer, OutputActivationName, float]:
    """A unit of the output layer, its activation, and what it gives on."""
    layer, setup = len(subject.layers), subject.setup
    activation, loss = setup.experiment.network.output_activation, setup.experiment.training.loss
    assert activation is not None, "the Experiment must be resolved"
    assert loss is not None, "the Experiment must be resolved"
    x, (unit,) = subject.before(layer).ravel(), _index(place)
    weighted = _weighted_sum(subject, layer, x, place)
    logits = x @ subject.tensor(layer, "weight") + subject.tensor(layer, "bias")
    exponentials, total, outputs = np.zeros(0), None, subject.output(layer)
    if activation == "softmax":
        scores = logits[: setup.problem.classes]
        exponentials = np.exp(scores - scores.max())
        total = float(exponentials.sum())
        outputs = np.concatenate([exponentials / total, logits[len(scores) :]])  # boxes are linear
        activation = "softmax" if unit < len(scores) else "linear"
    else:
        outputs = _activated(activation, logits)
    arithmetic = Answer(
        weighted_sum=weighted,
        logits=tuple(logits.tolist()),
        exponentials=tuple(exponentials.tolist()),
        total=total,
        outputs=tuple(outputs.tolist()),
        loss_name=loss,
        loss=None if subject.row is None else _loss(loss, logits, outputs, setup.prepared.targets[subject.row]),
        result=weighted.result,
    )
    return arithmetic, activation, float(outputs[unit])


def _loss(name: LossName, logits: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> float:
    columns = (jnp.asarray(values[:, None], jnp.float32) for values in (logits, outputs, targets))
    return float(sample_losses(name, *columns)[0])
