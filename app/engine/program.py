"""The compiled pair `advance` and `observe` of one signature.

Nothing here asks which family it serves. Both functions are compiled ahead of time, so that calling them can neither
trace nor compile. Results do not depend on how many steps a call does: every step is the same code on the same
values.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.families.base import AnyFamily, Batch, Clock, Health, Response, Samples, Setup, Tree
from app.nn.host import integer, real
from app.schemas.frame import BOUNDARY_SIDE, THUMBNAIL_SIDE

HISTORY_ROWS = 2_048
"""History is recorded at every epoch up to this one, then at every second up to twice as many, and so on."""
ORDER_PADDING = 64
"""Places after the last sample of an order, so that a family may read a whole chunk at its end."""

_ORDER_PLACES = 131_072
_THUMBNAIL_LINES = np.linspace(0, BOUNDARY_SIDE - 1, THUMBNAIL_SIDE).round().astype(np.int32)
_COARSE_PLACES = (_THUMBNAIL_LINES[:, None] * BOUNDARY_SIDE + _THUMBNAIL_LINES).ravel()

PLACES = np.concatenate([_COARSE_PLACES, np.delete(np.arange(BOUNDARY_SIDE**2), _COARSE_PLACES)])
"""Where inputs that are no grid are put, so that the coarser grid shows the first THUMBNAIL_SIDE² of them."""


class State(NamedTuple):
    """Everything that training changes."""

    learner: Tree
    clock: Clock
    best_loss: Float[Array, ""]
    """The lowest validation loss recorded, for early stopping."""
    best_epoch: Int[Array, ""]


class Pace(NamedTuple):
    """How the loop goes through the samples, and when it stops by itself."""

    train_rows: Int[Array, ""]
    validation_rows: Int[Array, ""]
    batch_size: Int[Array, ""]
    patience: Int[Array, ""]
    """Epochs without improvement; 0 means never stopping."""
    min_delta: Float[Array, ""]


class Progress(NamedTuple):
    """What a call of `advance` did."""

    taken: Int[Array, ""]
    """Steps."""
    recorded: Int[Array, ""]
    """Rows of history."""
    healthy: Bool[Array, ""]
    """False where the last attempted step was not finite and therefore not taken."""
    stopped: Bool[Array, ""]
    """True where early stopping ended it."""


class Advance(NamedTuple):
    """The result of `advance`."""

    state: State
    progress: Progress
    row_clocks: Int[Array, "rows 2"]
    """Step and epoch of each recorded row."""
    row_sums: Float[Array, "rows parts sums"]
    health: Health
    """Of the last attempted step."""


class Observation(NamedTuple):
    """The result of `observe`."""

    sums: Float[Array, "parts sums"]
    outputs: Float[Array, "outputs side side"]
    thumbnails: list[Float[Array, "units side side"]]
    """Hidden activations, by layer, on a coarser grid."""
    pre_activations: list[Float[Array, "units side side"]]
    """Likewise, the output layer's last."""


class Program:
    """What is compiled for one signature, in the order in which a visitor needs it: first seeing, then training."""

    def __init__(self, family: AnyFamily, setup: Setup) -> None:
        self.family = family
        self.signature = family.signature(setup)
        self._setup = setup
        self.observe: Callable[..., Observation] | None = None
        self.advance: Callable[..., Advance] | None = None
        self.error = ""
        """Why it could not be compiled."""

    def compile_observe(self) -> None:
        """Takes about a second, or a tenth of it from the persistent cache."""
        self.observe = compile_observe(self.family, self._setup)

    def compile_advance(self) -> None:
        """Takes a few seconds, likewise."""
        self.advance = compile_advance(self.family, self._setup)


def epochs_per_block(rows: int) -> int:
    """How many epochs' orders one call of `advance` is given."""
    return max(1, _ORDER_PLACES // rows)


def compile_observe(family: AnyFamily, setup: Setup) -> Callable[..., Observation]:
    """`observe(learner, samples, knobs, inputs)`: sums over the parts, and answers to a grid of inputs.

    The grid has BOUNDARY_SIDE² points; `predict` sends its own inputs, padded, in their place.
    """
    signature = family.signature(setup)

    def observe(learner: Tree, samples: Samples, knobs: Tree, inputs: Array) -> Observation:
        def respond(line: Array) -> Response:
            return family.respond(signature, learner, knobs, line.T)

        # Line by line, so that what a line needs stays in the cache.
        lines = lax.map(respond, inputs.reshape(BOUNDARY_SIDE, BOUNDARY_SIDE, -1))
        whole = jax.tree.map(lambda leaf: jnp.moveaxis(leaf, 0, 1), lines)
        coarse = jax.tree.map(lambda maps: maps[:, _THUMBNAIL_LINES][:, :, _THUMBNAIL_LINES], whole)
        sums = family.measure(signature, learner, samples, knobs)
        return Observation(sums, whole.outputs, coarse.hidden, coarse.pre_activations)

    grid = family.features(np.zeros((BOUNDARY_SIDE**2, 1), np.float32))
    return _compiled(observe, family.init(setup), family.samples(setup), family.knobs(setup), grid)


def compile_advance(family: AnyFamily, setup: Setup) -> Callable[..., Advance]:
    """`advance(state, samples, knobs, pace, orders, first_epoch, steps)`: up to `steps` updates.

    `orders` holds the orders of the epochs from `first_epoch` on; the loop ends where they do, at a step that is not
    finite (the state before it is kept), or where early stopping says so.
    """
    signature = family.signature(setup)
    block = epochs_per_block(signature.rows)

    def advance(
        state: State,
        samples: Samples,
        knobs: Tree,
        pace: Pace,
        orders: Array,
        first_epoch: Array,
        steps: Array,
    ) -> Advance:
        def goes_on(carry: Advance) -> Array:
            taken, _, healthy, stopped = carry.progress
            in_block = carry.state.clock.epoch - first_epoch < block
            return (taken < steps) & healthy & ~stopped & in_block

        def one_step(carry: Advance) -> Advance:
            old, clock, progress = carry.state, carry.state.clock, carry.progress
            size = jnp.minimum(pace.batch_size, pace.train_rows - clock.position)
            batch = Batch(orders, clock.epoch - first_epoch, clock.position, size)
            learner, health = family.step(signature, old.learner, samples, batch, knobs, clock)
            healthy = jnp.isfinite(jnp.sum(health.forward) + jnp.sum(health.backward))
            learner = jax.tree.map(lambda new, kept: jnp.where(healthy, new, kept), learner, old.learner)
            ticked = _tick(clock, size, pace.train_rows)
            clock = Clock(*(jnp.where(healthy, new, kept) for new, kept in zip(ticked, clock, strict=True)))
            due = healthy & (clock.position == 0) & (clock.epoch % _stride(clock.epoch) == 0)
            sums = lax.cond(
                due,
                lambda: family.measure(signature, learner, samples, knobs),
                lambda: jnp.zeros(carry.row_sums.shape[1:]),
            )
            loss = sums[1, 0] / pace.validation_rows
            better = due & (loss < old.best_loss - pace.min_delta)
            best_epoch = jnp.where(better, clock.epoch, old.best_epoch)
            # A row that is not due is overwritten by the next that is.
            row, row_clock = progress.recorded, jnp.stack([clock.step, clock.epoch])
            return Advance(
                State(learner, clock, jnp.where(better, loss, old.best_loss), best_epoch),
                Progress(
                    progress.taken + healthy,
                    row + due,
                    healthy,
                    due & (pace.patience > 0) & (clock.epoch - best_epoch >= pace.patience),
                ),
                lax.dynamic_update_slice(carry.row_clocks, row_clock[None], (row, 0)),
                lax.dynamic_update_slice(carry.row_sums, sums[None], (row, 0, 0)),
                health,
            )

        sums = jax.eval_shape(lambda: family.measure(signature, state.learner, samples, knobs))
        health = jax.eval_shape(
            lambda: family.step(
                signature, state.learner, samples, Batch(orders, steps, steps, steps), knobs, state.clock
            )
        )[1]
        start = Advance(
            state,
            Progress(jnp.int32(0), jnp.int32(0), jnp.array(1, bool), jnp.array(0, bool)),
            jnp.zeros((block, 2), jnp.int32),
            jnp.zeros((block, *sums.shape), sums.dtype),
            jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), health),
        )
        return lax.while_loop(goes_on, one_step, start)

    orders = np.zeros((block, signature.rows + ORDER_PADDING), np.uint16)
    zero = np.int32(0)
    return _compiled(
        advance,
        initial_state(family.init(setup)),
        family.samples(setup),
        family.knobs(setup),
        pace(setup),
        orders,
        zero,
        zero,
    )


def initial_state(learner: Tree) -> State:
    """Step 0."""
    zero = integer(0)
    return State(learner, Clock(zero, zero, zero), real(float("inf")), zero)


def pace(setup: Setup) -> Pace:
    """The pace that an Experiment asks for."""
    training, (train, validation, _) = setup.experiment.training, setup.prepared.counts
    stopping = training.early_stopping
    return Pace(
        integer(train),
        integer(validation),
        integer(training.batch_size),
        integer(stopping.patience if stopping else 0),
        real(stopping.min_delta if stopping else 0),
    )


def _tick(clock: Clock, size: Array, train_rows: Array) -> Clock:
    position = clock.position + size
    full = position >= train_rows
    return Clock(clock.step + 1, clock.epoch + full, jnp.where(full, 0, position))


def _stride(epoch: Array) -> Array:
    """1 up to epoch 2,048, 2 up to 4,096, 4 up to 8,192, and so on (the host's twin: history.stride)."""
    return jnp.left_shift(1, 32 - lax.clz((epoch - 1) // HISTORY_ROWS))


def _compiled(function: Callable[..., Any], *arguments: object) -> Callable[..., Any]:
    return jax.jit(function).lower(*arguments).compile()
