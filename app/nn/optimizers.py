"""Optimisers over one flat parameter vector, chosen inside a program by a traced code.

The mathematics is optax's: each branch assembles optax's own state from two shared slots and calls its `update` with
traced hyperparameters. Decoupled decay spares biases.
"""

from typing import Any, NamedTuple, cast

import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.nn.host import host, integer, real
from app.schemas.training import OPTIMIZERS, Optimizer, OptimizerBase

_KINDS: tuple[str, ...] = tuple(model.model_fields["kind"].default for model in OPTIMIZERS)
_SAME = {"adamw": "adam"}
"""AdamW is Adam where `weight_decay` is not 0."""
_SWITCHED = tuple(kind for kind in _KINDS if kind not in _SAME)
"""Those among which a code chooses."""
_ADAGRAD_START = 0.1
# What single precision would round to 1 or flush to 0 would divide 0 by 0.
_LARGEST_SHARE = float(np.nextafter(np.float32(1), np.float32(0)))
_SMALLEST_EPSILON = float(np.finfo(np.float32).tiny)


class Slots(NamedTuple):
    """What an optimiser remembers: two vectors, whose meaning depends on its kind, and the count of its updates."""

    first: Float[Array, " parameters"]
    second: Float[Array, " parameters"]
    updates: Int[Array, ""]


class OptimizerKnobs(NamedTuple):
    """The choice of optimiser and its hyperparameters, as traced scalars; those that a kind lacks mean nothing."""

    code: Int[Array, ""]
    learning_rate: Float[Array, ""]
    decay1: Float[Array, ""]
    decay2: Float[Array, ""]
    epsilon: Float[Array, ""]
    weight_decay: Float[Array, ""]


def optimizer_knobs(optimizer: Optimizer) -> OptimizerKnobs:
    """The knobs of an optimiser's document."""

    def value(*names: str) -> float:
        return next((getattr(optimizer, name) for name in names if hasattr(optimizer, name)), 0.0)

    return OptimizerKnobs(
        code=integer(_SWITCHED.index(_SAME.get(optimizer.kind, optimizer.kind))),
        learning_rate=real(optimizer.learning_rate),
        decay1=real(min(value("momentum", "beta1", "decay"), _LARGEST_SHARE)),
        decay2=real(min(value("beta2"), _LARGEST_SHARE)),
        epsilon=real(max(value("epsilon"), _SMALLEST_EPSILON)),
        weight_decay=real(value("weight_decay")),
    )


def initial_slots(optimizer: OptimizerBase, parameters: int) -> Slots:
    """The slots of a fresh optimiser for a vector of `parameters` numbers."""
    start = _ADAGRAD_START if getattr(optimizer, "kind", "") == "adagrad" else 0.0
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
    rate, first, second, count = knobs.learning_rate, slots.first, slots.second, slots.updates

    def sgd() -> tuple[Array, Array, Array]:
        return gradient, first, second

    def trace(*, nesterov: bool) -> tuple[Array, Array, Array]:
        rule = optax.trace(knobs.decay1, nesterov=nesterov)
        direction, state = _ruled(rule, gradient, optax.TraceState(first))
        return direction, state.trace, second

    def adagrad() -> tuple[Array, Array, Array]:
        rule = optax.scale_by_rss(_ADAGRAD_START, knobs.epsilon)
        direction, state = _ruled(rule, gradient, optax.ScaleByRssState(second))
        return direction, first, state.sum_of_squares

    def rmsprop() -> tuple[Array, Array, Array]:
        rule = optax.scale_by_rms(knobs.decay1, knobs.epsilon)
        direction, state = _ruled(rule, gradient, optax.ScaleByRmsState(second))
        return direction, first, state.nu

    def adam() -> tuple[Array, Array, Array]:
        rule = optax.scale_by_adam(knobs.decay1, knobs.decay2, knobs.epsilon)
        direction, state = _ruled(rule, gradient, optax.ScaleByAdamState(count, first, second))
        return _decayed(direction), state.mu, state.nu

    def lion() -> tuple[Array, Array, Array]:
        rule = optax.scale_by_lion(knobs.decay1, knobs.decay2)
        direction, state = _ruled(rule, gradient, optax.ScaleByLionState(count, first))
        return _decayed(direction), state.mu, second

    def _decayed(direction: Array) -> Array:
        return direction + jnp.where(decays, knobs.weight_decay * parameters, 0)

    branches = {
        "sgd": sgd,
        "momentum": lambda: trace(nesterov=False),
        "nesterov": lambda: trace(nesterov=True),
        "adagrad": adagrad,
        "rmsprop": rmsprop,
        "adam": adam,
        "lion": lion,
    }
    direction, first, second = lax.switch(knobs.code, [branches[kind] for kind in _SWITCHED])
    return -rate * direction, Slots(first, second, count + 1)


def _ruled(rule: optax.GradientTransformation, gradient: Array, state: object) -> tuple[Array, Any]:
    """optax's own update, typed for one array; its new state is of the type of `state`."""
    return cast("tuple[Array, Any]", rule.update(gradient, cast("optax.OptState", state)))
