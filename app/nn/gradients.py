"""What happens to a gradient before the optimiser sees it: the penalty's share, then clipping."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.nn.host import integer, real
from app.schemas.training import CLIPPINGS, Clipping, Regularization

_KINDS: tuple[str, ...] = tuple(model.model_fields["kind"].default for model in CLIPPINGS)


class GradientKnobs(NamedTuple):
    """Penalty and clipping as traced scalars."""

    l1: Float[Array, ""]
    l2: Float[Array, ""]
    clipping: Int[Array, ""]
    threshold: Float[Array, ""]


def gradient_knobs(regularization: Regularization, clipping: Clipping) -> GradientKnobs:
    """The knobs of the documents."""
    return GradientKnobs(
        l1=real(regularization.l1),
        l2=real(regularization.l2),
        clipping=integer(_KINDS.index(clipping.kind)),
        threshold=real(getattr(clipping, "threshold", 1.0)),
    )


def penalised_and_clipped(
    gradient: Float[Array, " parameters"],
    parameters: Float[Array, " parameters"],
    knobs: GradientKnobs,
    penalised: Bool[Array, " parameters"],
) -> Float[Array, " parameters"]:
    """The gradient of loss + l1·Σ|w| + l2·½Σw² over the `penalised` parameters, clipped.

    The subgradient of |w| at 0 is 0. The norm is the Euclidean one of the whole vector, computed so that squares cannot
    overflow.
    """
    penalty = knobs.l1 * jnp.sign(parameters) + knobs.l2 * parameters
    gradient = gradient + jnp.where(penalised, penalty, 0)

    def by_norm() -> Array:
        largest = jnp.max(jnp.abs(gradient))
        scaled = gradient / jnp.where(largest > 0, largest, 1)
        norm = jnp.sqrt(jnp.sum(scaled**2))  # in units of `largest`
        return jnp.where(norm * largest > knobs.threshold, scaled * (knobs.threshold / norm), gradient)

    branches = {
        "none": lambda: gradient,
        "norm": by_norm,
        "value": lambda: jnp.clip(gradient, -knobs.threshold, knobs.threshold),
    }
    return lax.switch(knobs.clipping, [branches[kind] for kind in _KINDS])
