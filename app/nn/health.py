"""Whether an update may be kept: for each layer a number that tells, and the choice that follows from it."""

from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

Tree = TypeVar("Tree")


class Health(NamedTuple):
    """For each layer a number that is finite only while its values are."""

    forward: Float[Array, " layers"]
    """Of pre-activations."""
    backward: Float[Array, " layers"]
    """Of gradients and updated parameters."""

    @property
    def good(self) -> Bool[Array, ""]:
        """Whether all are finite."""
        return jnp.isfinite(jnp.sum(self.forward) + jnp.sum(self.backward))


def chosen(which: Bool[Array, ""], one: Tree, other: Tree) -> Tree:
    """The first of two trees where `which` is true, the second elsewhere."""
    return jax.tree.map(lambda *leaves: jnp.where(which, *leaves), one, other)
