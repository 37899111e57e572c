"""Whether an update may be kept: for each layer a number that tells, and the choice that follows from it."""

from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float, UInt8

Tree = TypeVar("Tree")
_LINE = 128


class Health(NamedTuple):
    """For each layer a number that tells whether its values are finite."""

    forward: Float[Array, " layers"]
    """Of pre-activations."""
    backward: Float[Array, " layers"]
    """Of gradients and updated parameters; perhaps only of the last layer where they are not."""

    @property
    def good(self) -> Bool[Array, ""]:
        """Whether all are finite."""
        return jnp.isfinite(jnp.sum(self.forward + self.backward))


def last_broken(
    values: Float[Array, " values"], layer_of: UInt8[np.ndarray, " values"], layers: int
) -> Float[Array, " layers"]:
    """NaN for the last layer with a value that is not finite, 0 for the others; `layer_of` says whose each value is.

    One maximum over lines: a reduction for each layer, or along all values, takes several times as long to compile.
    """
    found = jnp.where(jnp.isfinite(values), -1.0, jnp.asarray(layer_of).astype(jnp.float32))
    lines = jnp.pad(found, (0, -len(found) % _LINE), constant_values=-1).reshape(-1, _LINE)
    return jnp.where(jnp.arange(layers) == jnp.max(lines), jnp.nan, 0.0)


def chosen(which: Bool[Array, ""], one: Tree, other: Tree) -> Tree:
    """The first of two trees where `which` is true, the second elsewhere."""
    return jax.tree.map(lambda *leaves: jnp.where(which, *leaves), one, other)
