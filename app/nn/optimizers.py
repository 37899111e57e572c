"""Optimisers over one flat parameter vector: one rule, whose coefficients are traced scalars.

All of them are the same few sums, a root and a quotient, so nothing is chosen inside a program: a branch for each would
be compiled for itself (docs/decisions/0022-one-rule.md). Their conventions are optax's; decoupled decay spares biases.
"""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float, Int

from app.nn.host import host, integer, real
from app.schemas.training import Adagrad, Adam, Lion, Momentum, Nesterov, Optimizer, OptimizerBase, RmsProp

_ADAGRAD_START = 0.1
# What single precision would round to 1 or flush to 0 would divide 0 by 0.
_LARGEST_SHARE = float(np.nextafter(np.float32(1), np.float32(0)))
_SMALLEST_EPSILON = float(np.finfo(np.float32).tiny)


class Slots(NamedTuple):
    """What an optimiser remembers: two vectors, whose meaning depends on its kind, and the count of its updates."""

    first: Float[Array, " parameters"]
    second: Float[Array, " parameters"]
    updates: Int[Array, ""]


class Sum(NamedTuple):
    """How a running sum, or mean, s takes in something new: kept · s + added · new."""

    kept: Float[Array, ""]
    added: Float[Array, ""]


class OptimizerKnobs(NamedTuple):
    """A rule, as traced scalars. The n-th update moves against

        a / (1 − bias1ⁿ) / (√(s / (1 − bias2ⁿ) + inside) + outside)

    or against the sign of a alone, decay apart. a is the first slot, as it was, with the gradient taken `ahead`; then
    the gradient goes into the `first` slot, and its square into the `second`, which is s.
    """

    learning_rate: Float[Array, ""]
    ahead: Sum
    first: Sum
    second: Sum
    bias1: Float[Array, ""]
    bias2: Float[Array, ""]
    inside: Float[Array, ""]
    outside: Float[Array, ""]
    signed: Bool[Array, ""]
    weight_decay: Float[Array, ""]


def optimizer_knobs(optimizer: Optimizer) -> OptimizerKnobs:
    """The knobs of an optimiser's document."""
    nothing, gradient = _sum(0, 0), _sum(0, 1)
    knobs = OptimizerKnobs(
        learning_rate=real(optimizer.learning_rate),
        ahead=gradient,
        first=nothing,
        second=nothing,
        bias1=real(0),
        bias2=real(0),
        inside=real(1),
        outside=real(0),
        signed=host(np.bool_(optimizer.kind == "lion")),
        weight_decay=real(getattr(optimizer, "weight_decay", 0.0)),
    )
    match optimizer:
        case Nesterov():
            kept = _share(optimizer.momentum)
            return knobs._replace(ahead=_sum(kept**2, 1 + kept), first=_sum(kept, 1))
        case Momentum():
            velocity = _sum(_share(optimizer.momentum), 1)
            return knobs._replace(ahead=velocity, first=velocity)
        case Adagrad():
            return knobs._replace(second=_sum(1, 1), inside=real(_epsilon(optimizer.epsilon)))
        case RmsProp():
            return knobs._replace(second=_running(optimizer.decay), inside=real(_epsilon(optimizer.epsilon)))
        case Adam():
            mean, square = _running(optimizer.beta1), _running(optimizer.beta2)
            return knobs._replace(
                ahead=mean,
                first=mean,
                second=square,
                bias1=mean.kept,
                bias2=square.kept,
                inside=real(0),
                outside=real(_epsilon(optimizer.epsilon)),
            )
        case Lion():
            return knobs._replace(ahead=_running(optimizer.beta1), first=_running(optimizer.beta2))
        case _:
            return knobs


def initial_slots(optimizer: OptimizerBase, parameters: int) -> Slots:
    """The slots of a fresh optimiser for a vector of `parameters` numbers."""
    start = _ADAGRAD_START if isinstance(optimizer, Adagrad) else 0.0
    zeros = np.zeros(parameters, np.float32)
    return Slots(host(zeros), host(np.full(parameters, start, np.float32)), integer(0))


def update(
    gradient: Float[Array, " parameters"],
    parameters: Float[Array, " parameters"],
    slots: Slots,
    knobs: OptimizerKnobs,
    decays: Bool[Array, " parameters"],
) -> tuple[Float[Array, " parameters"], Slots]:
    """What to add to the parameters, and the slots afterwards. `decays` marks what decoupled decay acts on."""
    count = jnp.maximum(slots.updates + 1, slots.updates)  # after the last number there is none
    ahead = _renewed(knobs.ahead, slots.first, gradient)
    first, second = _renewed(knobs.first, slots.first, gradient), _renewed(knobs.second, slots.second, gradient**2)
    unbiased = ahead / (1 - knobs.bias1**count), second / (1 - knobs.bias2**count)
    direction = unbiased[0] / (jnp.sqrt(unbiased[1] + knobs.inside) + knobs.outside)
    direction = jnp.where(knobs.signed, jnp.sign(ahead), direction)
    direction = direction + jnp.where(decays, knobs.weight_decay * parameters, 0)
    return -knobs.learning_rate * direction, Slots(first, second, count)


def _renewed(taken: Sum, old: Array, new: Array) -> Array:
    return taken.kept * old + taken.added * new


def _sum(kept: float | int, added: float | int) -> Sum:
    return Sum(real(kept), real(added))


def _running(share: float) -> Sum:
    """A running mean that keeps this share of itself."""
    kept = _share(share)
    return _sum(kept, 1 - kept)


def _share(share: float) -> float:
    """As single precision has it, below 1."""
    return float(np.float32(min(share, _LARGEST_SHARE)))


def _epsilon(epsilon: float) -> float:
    return max(epsilon, _SMALLEST_EPSILON)
