"""What is seen of a network: `observe`, compiled. What there is to see is its family's own."""

from collections.abc import Callable
from threading import Lock

import jax
from jax import Array

from app.engine.packing import Packing
from app.engine.state import initial_state, state_packing
from app.engine.xla import Traceable, compiled
from app.families.base import WHOLE, AnyFamily, Observation, Samples, Setup, Tree


def compile_observe(family: AnyFamily, setup: Setup, tracing: Lock) -> Callable[..., Observation]:
    """`observe(state, samples, knobs, inputs, whole)`: see the family."""

    def traceable() -> Traceable:
        signature, states = family.signature(setup), state_packing(family, setup)

        @jax.jit
        def observe(words: Array, samples: Samples, knobs: Tree, inputs: Array, whole: Array) -> Observation:
            return family.observe(signature, states.unpack(words).learner, samples, knobs, inputs, whole)

        state = states.write(initial_state(family.init(setup)))
        arguments = state, family.samples(setup), family.knobs(setup), family.view(setup, 0), WHOLE
        seen: Packing[Observation] = Packing(jax.eval_shape(observe, *arguments))
        return Traceable(lambda *given: seen.pack(observe(*given)), arguments, seen)

    program = compiled(family, setup, "observe", traceable, tracing)
    return lambda *given: program.told.read(program.call(*given))
