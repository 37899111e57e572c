"""What is seen of a network: `observe`, compiled. What there is to see is its family's own."""

from collections.abc import Callable

import jax
import numpy as np
from jax import Array

from app.engine.packing import Packing
from app.engine.state import compiled, initial_state, state_packing
from app.families.base import AnyFamily, Observation, Samples, Setup, Tree


def compile_observe(family: AnyFamily, setup: Setup) -> Callable[..., Observation]:
    """`observe(state, samples, knobs, inputs, whole)`: see the family."""
    signature = family.signature(setup)
    states = state_packing(family, setup)

    def observe(words: Array, samples: Samples, knobs: Tree, inputs: Array, whole: Array) -> Observation:
        return family.observe(signature, states.unpack(words).learner, samples, knobs, inputs, whole)

    state = states.write(initial_state(family.init(setup)))
    arguments = state, family.samples(setup), family.knobs(setup), family.view(setup, 0), np.bool_(True)  # noqa: FBT003
    seen: Packing[Observation] = Packing(jax.eval_shape(observe, *arguments))
    program = compiled(family, lambda *given: seen.pack(observe(*given)), *arguments)
    return lambda *given: seen.read(program(*given))
