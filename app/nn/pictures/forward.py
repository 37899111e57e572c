"""The forward pass of a network for pictures, in training and in evaluation mode, and its gradient.

In training mode batch norm uses the mean and the biased variance of the real samples of the batch, dropout leaves
values out; in evaluation mode batch norm uses running statistics. Columns that are not real hold finite copies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.extend.core import Primitive
from jaxtyping import Bool, Float, Int, UInt

from app.nn.activations import FUNCTIONS
from app.nn.dropout import dropout_scale
from app.nn.host import host
from app.nn.pictures.layers import (
    EPSILON,
    average_pooled,
    by_channel,
    convolved,
    layer_normed,
    max_pooled,
    moments,
)
from app.nn.pictures.stack import Stack
from app.schemas.network import ActivationName
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
    PictureLayerBase,
    Residual,
    activation_of,
)

_COSTLY = {"tanh", "logistic", "exp", "expm1", "erf"}


class LayerKnobs(NamedTuple):
    """What may change of each layer without compiling again; 0 where a layer has no such thing."""

    dropout: Float[Array, " layers"]
    momentum: Float[Array, " layers"]
    """How much of running statistics stays at each step."""


class Training(NamedTuple):
    """What training mode needs to know of the batch."""

    real: Bool[Array, " samples"]
    """Which columns are real samples."""
    seed: UInt[Array, ""]
    """Of dropout."""
    step: Int[Array, ""]
    columns: Int[Array, " samples"]
    """The places of the samples in the batch."""
    measuring: Bool[Array, ""]
    """Whether this pass is in evaluation mode all the same."""


class Pass(NamedTuple):
    """What goes through the layers; what is not used of it is not computed."""

    pre_activations: list[Float[Array, "*values samples"]]
    """What each layer's activation is applied to, the logits last; of layers without one, what they give on."""
    outputs: list[Float[Array, "*values samples"]]
    """What each layer but the output layer gives on."""
    statistics: Float[Array, " statistics"]
    """The running statistics afterwards."""

    @property
    def logits(self) -> Float[Array, "outputs samples"]:
        """What the output activation is applied to."""
        return self.pre_activations[-1]

    def finite(self, counts: Sequence[int]) -> Float[Array, " layers"]:
        """NaN for each layer whose pre-activations are not all finite, 0 for the others. `counts` are its parameters:
        what becomes too large in a layer without any is noticed by the next that has some."""
        sums = [
            jnp.sum(z * 0) if count else jnp.zeros(()) for z, count in zip(self.pre_activations, counts, strict=True)
        ]
        return jnp.stack(sums)


def layer_knobs(layers: Sequence[PictureLayerBase]) -> LayerKnobs:
    """The knobs of the layers' documents."""
    rates = [getattr(layer, "rate", 0.0) for layer in layers]
    momenta = [getattr(layer, "momentum", 0.0) for layer in layers]
    return LayerKnobs(host(np.array(rates, np.float32)), host(np.array(momenta, np.float32)))


def forward(
    stack: Stack,
    parameters: Float[Array, " parameters"],
    statistics: Float[Array, " statistics"],
    knobs: LayerKnobs,
    inputs: Float[Array, "values samples"],
    training: Training | None = None,
    nudges: Sequence[Float[Array, "_ samples"]] = (),
) -> Pass:
    """The forward pass for pictures as columns (channel by channel, line by line); without `training` in evaluation
    mode. `nudges`, where there are any, are added to the channels that each layer gives on.

    Running statistics become momentum · old + (1 − momentum) · that of the batch, whose variance is the unbiased one;
    what normalises is the biased one, as in PyTorch.
    """
    return _passed(stack, stack.parameters.split(parameters), statistics, knobs, inputs, training, nudges)


def forward_for_training(
    stack: Stack,
    parameters: Float[Array, " parameters"],
    statistics: Float[Array, " statistics"],
    knobs: LayerKnobs,
    inputs: Float[Array, "values samples"],
    training: Training,
) -> tuple[Pass, Callable[[Float[Array, "outputs samples"]], Float[Array, " parameters"]]]:
    """The forward pass, and what makes the flat gradient, summed over samples, from the loss's gradient with respect to
    the logits. That must be 0 for samples that are not real."""

    def logits(tensors: dict[str, Array]) -> tuple[Array, Pass]:
        passed = _passed(stack, tensors, statistics, knobs, inputs, training)
        return passed.logits, passed

    _, pull, passed = jax.vjp(logits, stack.parameters.split(parameters), has_aux=True)

    def gradient(slope: Array) -> Array:
        (by_name,) = pull(slope)
        return jnp.concatenate([by_name[tensor.name].ravel() for tensor in stack.parameters.tensors])

    return passed, gradient


def _passed(
    stack: Stack,
    tensors: dict[str, Array],
    statistics: Array,
    knobs: LayerKnobs,
    inputs: Array,
    training: Training | None,
    nudges: Sequence[Array] = (),
) -> Pass:
    walk = _Walk(tensors, stack.statistics.split(statistics), knobs, training)
    signal = inputs.reshape(*stack.shape, -1)
    passed = Pass([], [], statistics)
    for index, layer in enumerate(stack.layers):
        z = walk.before_activation(index, layer, signal)
        signal = _activated(activation_of(layer) or "linear", z)
        if nudges:
            nudge = nudges[index]
            signal = signal + nudge.reshape(len(nudge), *(1 for _ in signal.shape[1:-1]), -1)
        passed.pre_activations.append(z)
        passed.outputs.append(signal)
    passed.pre_activations.append(walk.dense(f"layers.{len(stack.layers)}", signal))
    updated = [walk.statistics[tensor.name] for tensor in stack.statistics.tensors]
    return passed._replace(statistics=jnp.concatenate(updated) if updated else statistics)


def _activated(name: ActivationName, z: Array) -> Array:
    """The activation, of which only what takes long is kept for its gradient: what measures needs none."""

    def is_kept(primitive: Primitive, *_: object, **__: object) -> bool:
        return primitive.name in _COSTLY

    return jax.checkpoint(FUNCTIONS[name], prevent_cse=False, policy=is_kept)(z)


@dataclass
class _Walk:
    """The way through the layers; `statistics` are renewed on it."""

    tensors: dict[str, Array]
    statistics: dict[str, Array]
    knobs: LayerKnobs
    training: Training | None

    def before_activation(self, index: int, layer: PictureLayer, x: Array) -> Array:
        name = f"layers.{index}"
        match layer:
            case Conv2D():
                return self.conv(
                    name, x, layer.kernel, stride=layer.stride, padding=layer.padding, dilation=layer.dilation
                )
            case BatchNorm():
                return self.batch_norm(name, index, x)
            case LayerNorm():
                return self.scaled(name, layer_normed(x))
            case Dropout():
                return self.dropout(index, x)
            case PictureDense():
                return self.dense(name, x)
            case Residual():
                return self.residual(name, index, x, layer)
            case _:
                return _regrouped(layer, x)

    def dense(self, name: str, x: Array) -> Array:
        return self.tensors[f"{name}.weight"] @ x + self.tensors[f"{name}.bias"][:, None]

    def conv(self, name: str, x: Array, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return convolved(x, weight, bias, kernel=kernel, stride=stride, padding=padding, dilation=dilation)

    def scaled(self, name: str, x: Array) -> Array:
        scale, shift = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return x * by_channel(scale, x) + by_channel(shift, x)

    def batch_norm(self, name: str, index: int, x: Array) -> Array:
        mean, variance = (self.statistics[f"{name}.running_{kind}"] for kind in ("mean", "variance"))
        if self.training is not None:
            new_mean, new_variance, count = moments(x, self.training.real)
            unbiased = new_variance * count / jnp.maximum(count - 1, 1)
            kept = self.knobs.momentum[index]
            self.statistics[f"{name}.running_mean"] = kept * mean + (1 - kept) * new_mean
            self.statistics[f"{name}.running_variance"] = kept * variance + (1 - kept) * unbiased
            mean = jnp.where(self.training.measuring, mean, new_mean)
            variance = jnp.where(self.training.measuring, variance, new_variance)
        return self.scaled(name, (x - by_channel(mean, x)) * by_channel(lax.rsqrt(variance + EPSILON), x))

    def dropout(self, index: int, x: Array) -> Array:
        if self.training is None:
            return x
        values = x.size // x.shape[-1]
        _, seed, step, columns, measuring = self.training
        rate = jnp.where(measuring, 0, self.knobs.dropout[index])
        return x * dropout_scale(rate, seed, step, index, values, columns).reshape(x.shape)

    def residual(self, name: str, index: int, x: Array, layer: Residual) -> Array:
        stride = layer.stride
        z = self.batch_norm(f"{name}.norm1", index, self.conv(f"{name}.conv1", x, 3, stride=stride, padding=1))
        inner = _activated(layer.activation, z)
        z = self.batch_norm(f"{name}.norm2", index, self.conv(f"{name}.conv2", inner, 3, padding=1))
        if f"{name}.shortcut.weight" in self.tensors:
            x = self.batch_norm(f"{name}.shortcut_norm", index, self.conv(f"{name}.shortcut", x, 1, stride=stride))
        return z + x


def _regrouped(layer: MaxPool | AveragePool | GlobalAveragePool | Flatten, x: Array) -> Array:
    """Layers that have nothing but a shape."""
    match layer:
        case MaxPool():
            return max_pooled(x, layer.size, layer.stride or layer.size)
        case AveragePool():
            return average_pooled(x, layer.size, layer.stride or layer.size)
        case GlobalAveragePool():
            return jnp.mean(x, (1, 2))
        case Flatten():
            return x.reshape(-1, x.shape[-1])
