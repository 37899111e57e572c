"""What a network answers all over a plane, and to its data: `observe`."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from app.engine.packing import Packing
from app.engine.state import compiled, initial_state, state_packing
from app.families.base import AnyFamily, Response, Samples, Setup, Tree
from app.schemas.frame import BOUNDARY_SIDE, THUMBNAIL_SIDE

_BANDS, _COARSE_BANDS = 25, 4
"""A grid goes through the network in so many parts, so that what each needs stays in the cache."""
_THUMBNAIL_LINES = np.linspace(0, BOUNDARY_SIDE - 1, THUMBNAIL_SIDE).round().astype(np.int32)
_COARSE_PLACES = (_THUMBNAIL_LINES[:, None] * BOUNDARY_SIDE + _THUMBNAIL_LINES).ravel()

PLACES = np.concatenate([_COARSE_PLACES, np.delete(np.arange(BOUNDARY_SIDE**2), _COARSE_PLACES)])
"""Where inputs that are no grid are put, so that the coarser grid shows the first THUMBNAIL_SIDE² of them."""


class Observation(NamedTuple):
    """The result of `observe`."""

    sums: Float[Array, "parts sums"]
    outputs: Float[Array, "outputs side side"]
    thumbnails: list[Float[Array, "units side side"]]
    """Hidden activations, by layer, on a coarser grid."""
    pre_activations: list[Float[Array, "units side side"]]
    """Likewise, the output layer's last."""


def compile_observe(family: AnyFamily, setup: Setup) -> Callable[..., Observation]:
    """`observe(state, samples, knobs, inputs)`: sums over the parts, and answers to a grid of inputs.

    The grid has BOUNDARY_SIDE² points; `predict` sends its own inputs, padded, in their place.
    """
    signature = family.signature(setup)
    states = state_packing(family, setup)

    def answers(learner: Tree, knobs: Tree, inputs: Array, bands: int) -> Response:
        def respond(band: Array) -> Response:
            return family.respond(signature, learner, knobs, band.T)

        by_band = lax.map(respond, inputs.reshape(bands, len(inputs) // bands, -1))
        return jax.tree.map(lambda leaf: jnp.moveaxis(leaf, 0, 1).reshape(leaf.shape[1], -1), by_band)

    def observe(words: Array, samples: Samples, knobs: Tree, inputs: Array) -> Observation:
        learner = states.unpack(words).learner
        outputs = answers(learner, knobs, inputs, _BANDS).outputs
        coarse = answers(learner, knobs, inputs[_COARSE_PLACES], _COARSE_BANDS)
        sums = family.measure(signature, learner, samples, knobs)
        maps = [[leaf.reshape(len(leaf), THUMBNAIL_SIDE, -1) for leaf in part] for part in coarse[1:]]
        return Observation(sums, outputs.reshape(len(outputs), BOUNDARY_SIDE, -1), *maps)

    grid = family.features(np.zeros((BOUNDARY_SIDE**2, 1), np.float32))
    arguments = states.write(initial_state(family.init(setup))), family.samples(setup), family.knobs(setup), grid
    seen: Packing[Observation] = Packing(jax.eval_shape(observe, *arguments))
    program = compiled(lambda *given: seen.pack(observe(*given)), *arguments)
    return lambda *given: seen.read(program(*given))
