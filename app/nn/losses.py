"""Losses, chosen inside a program by a traced code, with their gradients with respect to the logits.

Half squared error sums over outputs, the other elementwise losses average over them; cross-entropies start from
logits. Padded outputs (`real` false) count for nothing.
"""

from collections.abc import Callable, Mapping
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.nn.activations import activate_output
from app.schemas.resolve import BOX
from app.schemas.training import LossName

_PADDED_LOGIT = -1e30
BOX_BETA = 0.1
"""In shares of the picture's side."""
BOX_WEIGHT = 5.0


def loss_code(name: LossName) -> int:
    """The code by which programs know a loss."""
    return _SWITCHED.index(name)


def loss_with_gradient(
    code: Int[Array, ""],
    output_activation: Int[Array, ""],
    logits: Float[Array, "outputs samples"],
    targets: Float[Array, "outputs samples"],
    real: Bool[Array, " outputs"],
) -> tuple[Float[Array, " samples"], Float[Array, "outputs samples"], Float[Array, "outputs samples"]]:
    """Each sample's loss, its gradient with respect to the logits, and the network's outputs."""
    mask = real[:, None]
    logits = jnp.where(mask, logits, _PADDED_LOGIT) if logits.shape[0] > 1 else logits
    outputs, slope = activate_output(output_activation, logits)
    last = len(_ELEMENTWISE) - 1
    branches = partial(_elementwise, jnp.minimum(code, last)), _binary_cross_entropy, _categorical_cross_entropy
    loss, gradient = lax.switch(jnp.maximum(code - last, 0), branches, logits, outputs, slope, targets, mask)
    return loss, jnp.where(mask, gradient, 0), outputs


def _huber(outputs: Array, targets: Array) -> Array:
    """Quadratic within 1 of the target, linear beyond (delta = 1)."""
    distance = jnp.abs(outputs - targets)
    near = jnp.minimum(distance, 1.0)
    return 0.5 * near**2 + (distance - near)


_ELEMENTWISE: Mapping[LossName, Callable[[Array, Array], Array]] = {
    "half_squared_error": lambda o, t: 0.5 * (o - t) ** 2,
    "mean_squared_error": lambda o, t: (o - t) ** 2,
    "mean_absolute_error": lambda o, t: jnp.abs(o - t),
    "huber": _huber,
    "hinge": lambda o, t: jax.nn.relu(1 - o * t),
}
"""Of an output and its target; but for the first, losses are means over the outputs."""
_SWITCHED: tuple[LossName, ...] = (*_ELEMENTWISE, "binary_cross_entropy", "categorical_cross_entropy")
"""Those among which a code chooses; the loss of a detection is chosen by its task."""


def _elementwise(
    place: Int[Array, ""] | int, logits: Array, outputs: Array, slope: Array, targets: Array, mask: Array
) -> tuple[Array, Array]:
    """That in this place, chosen value by value: a branch for each would be compiled for itself."""

    del logits

    def both(function: Callable[[Array, Array], Array]) -> tuple[Array, Array]:
        return jax.jvp(lambda o: function(o, targets), (outputs,), (jnp.ones_like(outputs),))

    losses, derivatives = zip(*map(both, _ELEMENTWISE.values()), strict=True)
    loss, derivative = lax.select_n(place, *losses), lax.select_n(place, *derivatives)
    share = jnp.where(place == 0, 1.0, 1 / jnp.sum(mask))
    return jnp.sum(jnp.where(mask, loss, 0), axis=0) * share, derivative * slope * share


def _binary_cross_entropy(
    logits: Array, outputs: Array, slope: Array, targets: Array, mask: Array
) -> tuple[Array, Array]:
    """-t·log p - (1 - t)·log(1 - p) for p = sigmoid(logit), with targets 0 or 1."""
    del outputs, slope
    loss = jax.nn.softplus(logits) - targets * logits
    share = 1 / jnp.sum(mask)
    return jnp.sum(jnp.where(mask, loss, 0), axis=0) * share, (jax.nn.sigmoid(logits) - targets) * share


def _categorical_cross_entropy(
    logits: Array, outputs: Array, slope: Array, targets: Array, mask: Array
) -> tuple[Array, Array]:
    """-Σ t·log softmax(logits), with one-hot targets."""
    del outputs, slope
    log_probabilities = jax.nn.log_softmax(logits, axis=0)
    loss = -jnp.sum(jnp.where(mask, targets * log_probabilities, 0), axis=0)
    return loss, jnp.exp(log_probabilities) - targets


def detection_loss_with_gradient(
    logits: Float[Array, "outputs samples"], targets: Float[Array, "outputs samples"]
) -> tuple[Float[Array, " samples"], Float[Array, "outputs samples"], Float[Array, "outputs samples"]]:
    """Of a class and a box: each sample's loss, its gradient with respect to the logits, and the network's outputs.

    The last BOX outputs are the box, linear; the others are logits of classes. The loss is the cross-entropy of the
    class plus BOX_WEIGHT times the smooth L1 loss of the box, summed over its numbers (Girshick 2015): quadratic within
    BOX_BETA of the target, linear beyond.
    """
    scores, box = logits[:-BOX], logits[-BOX:]
    log_probabilities = jax.nn.log_softmax(scores, axis=0)
    probabilities = jnp.exp(log_probabilities)
    error = box - targets[-BOX:]
    near = jnp.clip(error, -BOX_BETA, BOX_BETA)
    smooth = jnp.sum(near * (error - 0.5 * near), axis=0) / BOX_BETA
    loss = BOX_WEIGHT * smooth - jnp.sum(targets[:-BOX] * log_probabilities, axis=0)
    gradient = jnp.concatenate([probabilities - targets[:-BOX], BOX_WEIGHT * near / BOX_BETA])
    return loss, gradient, jnp.concatenate([probabilities, box])


def sample_losses(
    name: LossName,
    logits: Float[Array, "outputs samples"],
    outputs: Float[Array, "outputs samples"],
    targets: Float[Array, "outputs samples"],
) -> Float[Array, " samples"]:
    """Each sample's loss of that name, where no program chooses it by a code."""
    given = logits, outputs, jnp.ones_like(outputs), targets, jnp.ones((len(outputs), 1), bool)
    match name:
        case "binary_cross_entropy":
            return _binary_cross_entropy(*given)[0]
        case "categorical_cross_entropy":
            return _categorical_cross_entropy(*given)[0]
        case "cross_entropy_and_smooth_l1":
            return detection_loss_with_gradient(logits, targets)[0]
        case _:
            return _elementwise(loss_code(name), *given)[0]
