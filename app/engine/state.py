"""What training changes, and how programs take it and return it."""

from typing import NamedTuple

from jax import Array
from jaxtyping import Float, Int

from app.engine.packing import Packing
from app.families.base import AnyFamily, Clock, Setup, Tree
from app.nn.host import integer, real


class State(NamedTuple):
    """Everything that training changes."""

    learner: Tree
    clock: Clock
    best_loss: Float[Array, ""]
    """The lowest validation loss recorded, for early stopping."""
    best_epoch: Int[Array, ""]


def initial_state(learner: Tree) -> State:
    """Step 0."""
    zero = integer(0)
    return State(learner, Clock(zero, zero, zero), real(float("inf")), zero)


def state_packing(family: AnyFamily, setup: Setup) -> Packing[State]:
    """How programs take the state of a network, and return it."""
    return Packing(initial_state(family.init(setup)))
