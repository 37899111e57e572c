"""What a network for pictures responds to: gradients with respect to pictures, compiled only where somebody asks."""

from collections.abc import Callable
from threading import Lock

import jax
import numpy as np
from jax import Array

from app.engine.packing import Packing
from app.engine.state import initial_state, state_packing
from app.engine.xla import Traceable, compiled
from app.families.base import AnyFamily, Setup, Tree, of_pictures
from app.families.pictures import PictureFamily, shapes_of
from app.nn.pictures.lens import PLACES, Aim, Slopes, aim_at_logit


def compile_lens(family: AnyFamily, setup: Setup, tracing: Lock) -> Callable[..., Slopes]:
    """`lens(state, knobs, pictures, aim)`: see app.nn.pictures.lens."""
    assert isinstance(family, PictureFamily), "only what sees pictures has a lens"
    of_family: PictureFamily[Tree, Tree, Tree] = family
    pictures = of_pictures(setup)

    def traceable() -> Traceable:
        signature, states = family.signature(setup), state_packing(family, setup)

        @jax.jit
        def lens(words: Array, knobs: Tree, inputs: Array, aim: Aim) -> Slopes:
            return of_family.slopes(signature, states.unpack(words).learner, knobs, inputs, aim)

        state = states.write(initial_state(family.init(setup)))
        inputs = np.zeros((pictures.prepared.inputs.shape[1], PLACES), np.float32)
        arguments = state, family.knobs(setup), inputs, aim_at_logit(shapes_of(pictures))
        seen: Packing[Slopes] = Packing(jax.eval_shape(lens, *arguments))
        return Traceable(lambda *given: seen.pack(lens(*given)), arguments, seen)

    program = compiled(family, setup, "lens", traceable, tracing)
    return lambda *given: program.told.read(program.call(*given))
