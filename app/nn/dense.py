"""A padded stack of dense layers in one flat parameter vector: its layout, forward and backward pass.

Each layer holds its weights (units, inputs), padded to the width of the stack, then its biases. Up to width 8 products
are multiply-and-sum, which XLA fuses into its loop; above, `dot` is faster (docs/decisions/0002-engine.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int

from app.nn.activations import activate, activate_with_slope
from app.nn.dropout import dropout_scale

_MULTIPLY_AND_SUM_WIDTH = 8

INPUT_BUCKETS = (2, 8, 16)
"""How many of the padded inputs are multiplied. No reason to compile: a program holds all three."""


class Layer(NamedTuple):
    """One layer's parameters."""

    weight: Float[Array, "units inputs"]
    bias: Float[Array, " units"]


@dataclass(frozen=True)
class DenseLayout:
    """Where each padded layer lies in the flat vector: `depth` hidden layers of `width`, then the output layer."""

    inputs: int
    width: int
    depth: int
    outputs: int

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(units, inputs) of each layer, the output layer last."""
        sizes = [self.inputs] + [self.width] * self.depth + [self.outputs]
        return tuple(zip(sizes[1:], sizes[:-1], strict=True))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each layer begins, and the length of the whole vector."""
        lengths = [units * inputs + units for units, inputs in self.shapes]
        return tuple(int(start) for start in np.cumsum([0, *lengths]))

    @property
    def size(self) -> int:
        """The length of the flat vector."""
        return self.starts[-1]

    def split(self, flat: Float[Array, " parameters"]) -> list[Layer]:
        """The layers as views of the flat vector."""
        layers: list[Layer] = []
        for start, (units, inputs) in zip(self.starts, self.shapes, strict=False):
            end = start + units * inputs
            layers.append(Layer(flat[start:end].reshape(units, inputs), flat[end : end + units]))
        return layers

    def by_layer(self, flat: Float[Array, " parameters"]) -> list[Float[Array, " segment"]]:
        """The stretch of the flat vector that belongs to each layer."""
        return [flat[start:end] for start, end in zip(self.starts, self.starts[1:], strict=False)]

    def pack(self, layers: Sequence[tuple[np.ndarray, np.ndarray]], dtype: type = np.float32) -> np.ndarray:
        """The flat vector of unpadded layers, each a weight (inputs, units) and a bias (units,); padding is 0."""
        flat = np.zeros(self.size, dtype)
        for start, shape, (weight, bias) in zip(self.starts, self.shapes, layers, strict=False):
            padded = np.zeros(shape, dtype)
            padded[: weight.shape[1], : weight.shape[0]] = weight.T
            end = start + padded.size
            flat[start:end] = padded.ravel()
            flat[end : end + bias.size] = bias
        return flat

    def unpack(self, flat: np.ndarray, sizes: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """The inverse of `pack`, for true sizes (inputs, units of each layer); copies, which may be changed."""
        layers: list[tuple[np.ndarray, np.ndarray]] = []
        for layer, start in enumerate(self.starts[:-1]):
            units, inputs = self.shapes[layer]
            end = start + units * inputs
            weight = flat[start:end].reshape(units, inputs)[: sizes[layer + 1], : sizes[layer]].T
            layers.append((np.array(weight, order="C"), flat[end : end + sizes[layer + 1]].copy()))
        return layers


class DropoutKey(NamedTuple):
    """What a dropout mask depends on besides layer and unit: rates by layer, seed, step and places in the batch."""

    rates: Float[Array, " depth"]
    seed: Array
    step: Int[Array, ""]
    columns: Int[Array, " samples"]


class Inputs(NamedTuple):
    """What the first layer is fed. Only as many of the padded inputs are multiplied as INPUT_BUCKETS[bucket] says."""

    values: Float[Array, "inputs samples"]
    bucket: Int[Array, ""]


class Signals(NamedTuple):
    """What goes through the layers in evaluation mode."""

    pre_activations: list[Float[Array, "units samples"]]
    """Of each layer; those of the output layer, the logits, come last."""
    hidden: list[Float[Array, "units samples"]]
    """What each hidden layer gives on."""

    @property
    def logits(self) -> Float[Array, "outputs samples"]:
        """What the output activation is applied to."""
        return self.pre_activations[-1]


class Trace(NamedTuple):
    """What the backward pass needs of a forward pass."""

    bucket: Int[Array, ""]
    inputs: list[Float[Array, "inputs samples"]]
    """What each layer was fed, the output layer last."""
    slopes: list[Float[Array, "units samples"]]
    """The derivative of each hidden activation, dropout included."""
    finite: list[Float[Array, ""]]
    """0 for each layer whose pre-activations are all finite, NaN otherwise."""


def forward(layers: Sequence[Layer], activations: Int[Array, " depth"], inputs: Inputs) -> Signals:
    """The forward pass in evaluation mode."""
    signals = Signals([_first_affine(layers[0], inputs.values, inputs.bucket)], [])
    for index, layer in enumerate(layers[1:]):
        signals.hidden.append(activate(activations[index], signals.logits))
        signals.pre_activations.append(_affine(layer, signals.hidden[-1]))
    return signals


def forward_for_training(
    layers: Sequence[Layer],
    activations: Int[Array, " depth"],
    inputs: Inputs,
    dropout: DropoutKey,
) -> tuple[Float[Array, "outputs samples"], Trace]:
    """Logits in training mode, and what `backward` needs."""
    trace = Trace(inputs.bucket, [inputs.values], [], [])
    z = _first_affine(layers[0], inputs.values, inputs.bucket)
    for index, layer in enumerate(layers[1:]):
        trace.finite.append(jnp.sum(z * 0))
        signal, slope = activate_with_slope(activations[index], z)
        scale = dropout_scale(dropout.rates[index], dropout.seed, dropout.step, index, z.shape[0], dropout.columns)
        trace.inputs.append(signal * scale)
        trace.slopes.append(slope * scale)
        z = _affine(layer, trace.inputs[-1])
    trace.finite.append(jnp.sum(z * 0))
    return z, trace


def backward(
    layers: Sequence[Layer], trace: Trace, gradient: Float[Array, "outputs samples"]
) -> Float[Array, " parameters"]:
    """The flat gradient, summed over samples, from the loss's gradient with respect to the logits."""
    parts: list[Array] = []
    for index in range(len(layers) - 1, 0, -1):
        parts[:0] = [_outer(gradient, trace.inputs[index]).ravel(), jnp.sum(gradient, axis=1)]
        gradient = _transposed(layers[index].weight, gradient) * trace.slopes[index - 1]
    first = _first_outer(gradient, trace.inputs[0], trace.bucket)
    return jnp.concatenate([first.ravel(), jnp.sum(gradient, axis=1), *parts])


def input_bucket(inputs: int) -> int:
    """The smallest bucket that holds so many inputs."""
    return next(index for index, size in enumerate(INPUT_BUCKETS) if size >= inputs)


def _first_affine(layer: Layer, signal: Array, bucket: Array) -> Array:
    """The first layer's inputs are padded most: what does not exist is left out."""
    branches = [partial(_product, layer.weight[:, :size], signal[:size]) for size in INPUT_BUCKETS]
    return lax.switch(bucket, branches) + layer.bias[:, None]


def _first_outer(gradient: Array, signal: Array, bucket: Array) -> Array:
    def leading(size: int) -> Array:
        missing = signal.shape[0] - size
        return jnp.pad(_outer(gradient, signal[:size]), ((0, 0), (0, missing)))

    return lax.switch(bucket, [partial(leading, size) for size in INPUT_BUCKETS])


def _narrow(*sizes: int) -> bool:
    return min(sizes) <= _MULTIPLY_AND_SUM_WIDTH


def _affine(layer: Layer, signal: Array) -> Array:
    return _product(layer.weight, signal) + layer.bias[:, None]


def _product(weight: Array, signal: Array) -> Array:
    if _narrow(*weight.shape):
        return jnp.sum(weight[:, :, None] * signal[None, :, :], axis=1)
    return weight @ signal


def _outer(gradient: Array, signal: Array) -> Array:
    if _narrow(gradient.shape[0], signal.shape[0]):
        return jnp.sum(gradient[:, None, :] * signal[None, :, :], axis=2)
    return gradient @ signal.T


def _transposed(weight: Array, gradient: Array) -> Array:
    if _narrow(*weight.shape):
        return jnp.sum(weight[:, :, None] * gradient[:, None, :], axis=0)
    return weight.T @ gradient
