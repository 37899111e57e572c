"""The training loop of one signature: `advance`.

Results do not depend on how many steps a call does: every step is the same code on the same values.
"""

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from app.engine.packing import Packing, Words
from app.engine.state import State, initial_state, state_packing
from app.engine.xla import Traceable, compiled
from app.families.base import AnyFamily, Batch, Clock, Samples, Setup, Signature, Tree
from app.nn.health import Health, chosen
from app.nn.host import integer, real

HISTORY_ROWS = 2_048
"""History is recorded at every epoch up to this one, then at every second up to twice as many, and so on."""
ORDER_PADDING = 64
"""Places after the last sample of an order, so that a family may read a whole chunk at its end."""

_ORDER_PLACES = 131_072


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


class Rows(NamedTuple):
    """Rows of history."""

    clocks: Int[Array, "rows 2"]
    """Step and epoch of each."""
    sums: Float[Array, "rows parts sums"]


class Advance(NamedTuple):
    """The result of `advance`: numbers on the host, but for what is not looked at every time."""

    state: Words
    clock: Clock
    """The state's."""
    progress: Progress
    rows: Callable[[], Rows]
    """Fetches the rows; the first `progress.recorded` mean something."""
    health: Callable[[], Health]
    """Fetches that of the last attempted step."""


class _Loop(NamedTuple):
    """What `advance` carries from step to step."""

    state: State
    progress: Progress
    rows: Rows
    health: Health


def epochs_per_block(rows: int) -> int:
    """How many epochs' orders one call of `advance` is given."""
    return max(1, _ORDER_PLACES // rows)


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


def compile_advance(family: AnyFamily, setup: Setup, tracing: Lock) -> Callable[..., Advance]:
    """`advance(state, samples, knobs, pace, orders, first_epoch, steps)`: up to `steps` updates.

    `orders` holds the orders of the epochs from `first_epoch` on; the loop ends where they do, at a step that is not
    finite (the state before it is kept), or where early stopping says so.
    """

    def traceable() -> Traceable:
        signature, states = family.signature(setup), state_packing(family, setup)
        block = epochs_per_block(signature.rows)
        zero = np.int32(0)
        arguments = (
            states.write(initial_state(family.init(setup))),
            family.samples(setup),
            family.knobs(setup),
            pace(setup),
            np.zeros((block, signature.rows + ORDER_PADDING), np.uint16),
            zero,
            zero,
        )
        # Functions of their own, so that each is traced once.
        advance = jax.jit(partial(_advance, family, signature, states, block))
        like: _Loop = jax.eval_shape(advance, *arguments)
        details: Packing[tuple[Rows, Health]] = Packing((like.rows, like.health))

        def packed(*given: Array) -> tuple[Words, Array, Words]:
            end: _Loop = advance(*given)
            counts = jnp.stack([count.astype(jnp.int32) for count in (*end.state.clock, *end.progress)])
            return states.pack(end.state), counts, details.pack((end.rows, end.health))

        return Traceable(packed, arguments, details)

    program = compiled(family, setup, "advance", traceable, tracing)

    def call(*given: object) -> Advance:
        state, counts, told = program.call(*given)
        step, epoch, position, *progress = np.asarray(counts).tolist()
        read = program.told.read
        return Advance(
            state, Clock(step, epoch, position), Progress(*progress), lambda: read(told)[0], lambda: read(told)[1]
        )

    return call


def _advance(
    family: AnyFamily,
    signature: Signature,
    states: Packing[State],
    block: int,
    words: Array,
    samples: Samples,
    knobs: Tree,
    pace: Pace,
    orders: Array,
    first_epoch: Array,
    steps: Array,
) -> _Loop:
    """See `compile_advance`; traced."""
    state = states.unpack(words)
    update = jax.jit(partial(family.step, signature))

    def goes_on(carry: _Loop) -> Array:
        taken, _, healthy, stopped = carry.progress
        in_block = carry.state.clock.epoch - first_epoch < block
        return (taken < steps) & healthy & ~stopped & in_block

    def one_step(carry: _Loop) -> _Loop:
        old, clock, progress = carry.state, carry.state.clock, carry.progress
        size = jnp.minimum(pace.batch_size, pace.train_rows - clock.position)
        batch = Batch(orders, clock.epoch - first_epoch, clock.position, size)
        ticked = _tick(clock, size, pace.train_rows)
        measured = (ticked.position == 0) & (ticked.epoch % _stride(ticked.epoch) == 0)
        learner, health, sums = update(old.learner, samples, batch, knobs, clock, measured)
        healthy = health.good
        clock = chosen(healthy, ticked, clock)
        due = healthy & measured
        loss = sums[1, 0] / pace.validation_rows
        better = due & (loss < old.best_loss - pace.min_delta)
        best_epoch = jnp.where(better, clock.epoch, old.best_epoch)
        # A row that is not due is overwritten by the next that is.
        row, row_clock = progress.recorded, jnp.stack([clock.step, clock.epoch])
        return _Loop(
            State(learner, clock, jnp.where(better, loss, old.best_loss), best_epoch),
            Progress(
                progress.taken + healthy,
                row + due,
                healthy,
                due & (pace.patience > 0) & (clock.epoch - best_epoch >= pace.patience),
            ),
            Rows(
                lax.dynamic_update_slice(carry.rows.clocks, row_clock[None], (row, 0)),
                lax.dynamic_update_slice(carry.rows.sums, sums[None], (row, 0, 0)),
            ),
            health,
        )

    batch = Batch(orders, steps, steps, steps)
    _, health, sums = jax.eval_shape(update, state.learner, samples, batch, knobs, state.clock, jnp.array(1, bool))
    start = _Loop(
        state,
        Progress(jnp.int32(0), jnp.int32(0), jnp.array(1, bool), jnp.array(0, bool)),
        Rows(jnp.zeros((block, 2), jnp.int32), jnp.zeros((block, *sums.shape), sums.dtype)),
        jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), health),
    )
    return lax.while_loop(goes_on, one_step, start)


def _tick(clock: Clock, size: Array, train_rows: Array) -> Clock:
    position = clock.position + size
    full = position >= train_rows
    return Clock(clock.step + 1, clock.epoch + full, jnp.where(full, 0, position))


def _stride(epoch: Array) -> Array:
    """1 up to epoch 2,048, 2 up to 4,096, 4 up to 8,192, and so on (the host's twin: history.stride)."""
    return jnp.left_shift(1, 32 - lax.clz((epoch - 1) // HISTORY_ROWS))
