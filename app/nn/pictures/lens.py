"""Gradients with respect to what a network sees, not to its parameters: what its answers and filters respond to."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from app.nn.host import host
from app.nn.pictures.forward import Pass
from app.nn.pictures.shapes import Shape

PLACES = 8
"""Pictures that gradients are worked out for at once."""


class Aim(NamedTuple):
    """A sum of numbers in a network whose gradient is wanted: how much each counts."""

    logits: Float[Array, "outputs places"]
    filters: list[Float[Array, " channels"]]
    """For each layer but the output layer, of each channel's mean before the activation."""


class Slopes(NamedTuple):
    """The gradient of what was aimed at, picture by picture."""

    inputs: Float[Array, "values places"]
    channels: list[Float[Array, "channels places"]]
    """With respect to what each layer gives on, summed over each channel's places."""
    logits: Float[Array, "outputs places"]
    """The logits themselves."""
    filters: list[Float[Array, "channels places"]]
    """The means before the activation themselves."""


def aim_at_logit(shapes: Sequence[Shape], output: int = 0, sign: float = 1.0) -> Aim:
    """One logit of every picture, times `sign`, in a network whose layers make `shapes`, the output layer last."""
    logits = np.zeros((shapes[-1][0], PLACES), np.float32)
    logits[output] = sign
    return Aim(host(logits), [host(np.zeros(shape[:1], np.float32)) for shape in shapes[:-1]])


def aim_at_filter(shapes: Sequence[Shape], layer: int, channel: int) -> Aim:
    """One filter's map, for every picture."""
    aim = aim_at_logit(shapes, sign=0.0)
    weights = np.zeros(shapes[layer][:1], np.float32)
    weights[channel] = 1
    aim.filters[layer] = host(weights)
    return aim


def slopes(
    passed: Callable[[Array, Sequence[Array]], Pass],
    inputs: Float[Array, "values places"],
    aim: Aim,
) -> Slopes:
    """The gradient of what is aimed at. `passed` sends inputs through the layers and adds to each channel that a layer
    gives on a number of its own."""

    def aimed(inputs: Array, nudges: Sequence[Array]) -> tuple[Array, tuple[Array, list[Array]]]:
        through = passed(inputs, nudges)
        means = [jnp.mean(z, tuple(range(1, z.ndim - 1))) for z in through.pre_activations[:-1]]
        of_filters = [jnp.sum(weights[:, None] * mean) for weights, mean in zip(aim.filters, means, strict=True)]
        total = jnp.sum(aim.logits * through.logits) + sum(of_filters, jnp.float32(0))
        return total, (through.logits, means)

    nudges = [jnp.zeros((len(weights), inputs.shape[-1])) for weights in aim.filters]
    (by_input, by_channel), (logits, means) = jax.grad(aimed, (0, 1), has_aux=True)(inputs, nudges)
    return Slopes(by_input, by_channel, logits, means)
