"""Losses, chosen inside a program by a traced code, with their gradients with respect to the logits.

Half squared error sums over outputs, the other elementwise losses average over them; cross-entropies start from
logits. Padded outputs (`real` false) count for nothing.
"""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.nn.activations import activate_output
from app.schemas.resolve import BOX
from app.schemas.training import LOSSES, LossName

Branch = Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]

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
    loss, gradient = lax.switch(code, [_BRANCHES[name] for name in _SWITCHED], logits, outputs, slope, targets, mask)
    return loss, jnp.where(mask, gradient, 0), outputs


def _elementwise(function: Callable[[Array, Array], Array], *, mean: bool) -> Branch:
    def branch(logits: Array, outputs: Array, slope: Array, targets: Array, mask: Array) -> tuple[Array, Array]:
        del logits
        loss, derivative = jax.jvp(lambda o: function(o, targets), (outputs,), (jnp.ones_like(outputs),))
        share = 1 / jnp.sum(mask) if mean else 1.0
        return jnp.sum(jnp.where(mask, loss, 0), axis=0) * share, derivative * slope * share

    return branch


def _huber(outputs: Array, targets: Array) -> Array:
    """Quadratic within 1 of the target, linear beyond (delta = 1)."""
    distance = jnp.abs(outputs - targets)
    near = jnp.minimum(distance, 1.0)
    return 0.5 * near**2 + (distance - near)


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


_BRANCHES: Mapping[LossName, Branch] = {
    "half_squared_error": _elementwise(lambda o, t: 0.5 * (o - t) ** 2, mean=False),
    "mean_squared_error": _elementwise(lambda o, t: (o - t) ** 2, mean=True),
    "mean_absolute_error": _elementwise(lambda o, t: jnp.abs(o - t), mean=True),
    "huber": _elementwise(_huber, mean=True),
    "binary_cross_entropy": _binary_cross_entropy,
    "categorical_cross_entropy": _categorical_cross_entropy,
    "hinge": _elementwise(lambda o, t: jax.nn.relu(1 - o * t), mean=True),
}
_SWITCHED: tuple[LossName, ...] = tuple(name for name in LOSSES if name in _BRANCHES)
"""Those among which a code chooses; the loss of a detection is chosen by its task."""


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
    if name not in _BRANCHES:
        return detection_loss_with_gradient(logits, targets)[0]
    return _BRANCHES[name](logits, outputs, jnp.ones_like(outputs), targets, jnp.ones((len(outputs), 1), bool))[0]
