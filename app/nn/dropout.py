"""Dropout masks from a counter-based hash.

Whether an output is kept depends on the seed, the step, the layer, the unit and the sample's place in the batch, and on
nothing else: not on padding, on how a batch is cut into chunks, or on how training is sliced.
"""

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int, UInt


def dropout_scale(
    rate: Float[Array, ""],
    seed: UInt[Array, ""],
    step: Int[Array, ""],
    layer: int,
    units: int,
    columns: Int[Array, " samples"],
) -> Float[Array, "units samples"]:
    """What each output is multiplied by: 0, or 1 / (1 - rate) (inverted dropout, Srivastava et al. 2014)."""

    def drawn() -> Array:
        key = _mix(_mix(_mix(seed) ^ jnp.uint32(layer)) ^ step.astype(jnp.uint32))
        rows = _mix(key ^ jnp.arange(units, dtype=jnp.uint32))
        bits = _mix(rows[:, None] ^ columns.astype(jnp.uint32)[None, :])
        uniform = (bits >> 8).astype(jnp.float32) * jnp.float32(2**-24)
        return jnp.where(uniform >= rate, 1 / (1 - rate), 0.0)

    return lax.cond(rate > 0, drawn, lambda: jnp.ones((units, columns.shape[0]), jnp.float32))


def _mix(bits: Array) -> Array:
    """A 32-bit integer hash of low bias (C. Wellons, "Prospecting for hash functions", constants of lowbias32)."""
    bits = (bits ^ (bits >> 16)) * jnp.uint32(0x7FEB352D)
    bits = (bits ^ (bits >> 15)) * jnp.uint32(0x846CA68B)
    return bits ^ (bits >> 16)
