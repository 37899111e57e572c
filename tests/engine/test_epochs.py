"""An epoch is one pass in ⌈n / batch size⌉ steps; what is left at its end is a batch, averaged over its own size."""

from typing import Any

import numpy as np
import pytest

from app.engine.orders import EpochOrders
from app.engine.trainer import Trainer
from tests.engine.cases import experiment, patched, program, trainer
from tests.nn.reference import Network
from tests.nn.reference_training import Learner, network_of, relative_error

ROWS = 250


@pytest.mark.parametrize(
    ("batch_size", "batches"),
    [(1, 250), (9, 28), (10, 25), (15, 17), (16, 16), (17, 15), (125, 2), (249, 2), (250, 1), (1_000_000, 1)],
)
def test_passes_have_as_many_steps_as_it_takes(batch_size: int, batches: int) -> None:
    made = trainer(training={"batch_size": batch_size})
    assert made.batches_per_epoch == batches
    position, epoch = 0, 0
    for step in range(1, 2 * batches + 3):
        position += batch_size
        if position >= ROWS:
            position, epoch = 0, epoch + 1
        report = made.advance(program(made.setup), 1)
        assert report.rows == (position == 0)
        assert (made.step, made.epoch, made.position) == (step, epoch, position)


@pytest.mark.parametrize("batch_size", [1, 10, 17, 250, 1_000])
def test_steps_until_an_epoch_are_exact(batch_size: int) -> None:
    made = trainer(training={"batch_size": batch_size})
    assert made.steps_until(0) == 0
    for epoch in (1, 3, 4):
        steps = made.steps_until(epoch)
        made.advance(program(made.setup), max(0, steps - 1))
        assert made.epoch == epoch - 1
        made.advance(program(made.setup), 1)
        assert (made.epoch, made.position) == (epoch, 0)
        assert made.steps_until(epoch) == made.steps_until(epoch - 1) == 0


def test_single_steps_move_by_one_sample() -> None:
    made = trainer(training={"batch_size": 100})
    made.advance(program(made.setup), 3, single=True)
    assert (made.step, made.position) == (3, 3)
    assert made.steps_until(1) == 3
    made.advance(program(made.setup), 2)
    assert (made.step, made.position) == (5, 203)
    made.advance(program(made.setup), 1)
    assert (made.step, made.epoch, made.position) == (6, 1, 0)
    assert [entry.change for entry in made.journal] == [{"type": "step", "unit": "sample", "count": 3}]
    assert [row[:2] for row in made.history.rows] == [(6, 1)]


def expected_after(made: Trainer, batches: list[tuple[int, bool]], first: dict[str, np.ndarray]) -> Network:
    """The reference's network after batches of these sizes, shuffled or not, each cut off at the end of its pass."""
    setup = made.setup
    orders = {
        shuffle: EpochOrders(setup.experiment.seed, ROWS, made.signature.rows, shuffle=shuffle).block(0)[:, :ROWS]
        for shuffle in (False, True)
    }
    learner = Learner(network_of(setup.experiment, first), setup.experiment.training)
    inputs, targets = setup.prepared.inputs.astype(np.float64), setup.prepared.targets.astype(np.float64)
    epoch, position = 0, 0
    for size, shuffle in batches:
        rows = orders[shuffle][epoch, position : position + size]
        learner.update(inputs[rows], targets[rows], epoch)
        position += len(rows)
        if position == ROWS:
            epoch, position = epoch + 1, 0
    assert (made.epoch, made.position) == (epoch, position)
    return learner.network


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [90, 16, 1_000])
def test_batches_are_what_the_orders_say(batch_size: int, *, shuffle: bool) -> None:
    made = trainer(seed=6, training={"batch_size": batch_size, "shuffle": shuffle})
    first = made.tensors()
    made.advance(program(made.setup), 40)
    assert relative_error(expected_after(made, [(batch_size, shuffle)] * 40, first), made.tensors()) < 1e-5


@pytest.mark.parametrize(
    "batches",
    [
        [(size, True) for size in (30, 100, 7, 1_000, 250) for _ in range(3)],
        [(50, shuffle) for shuffle in (True, False, True, False) for _ in range(5)],
        [(100, shuffle) for shuffle in (False, True) for _ in range(4)],
    ],
    ids=["sizes", "shuffling between passes", "shuffling within a pass"],
)
def test_a_change_acts_at_the_next_step_of_the_same_pass(batches: list[tuple[int, bool]]) -> None:
    document: dict[str, Any] = {"seed": 6, "training": dict(zip(("batch_size", "shuffle"), batches[0], strict=True))}
    made, base = trainer(**document), experiment(**document)
    first = made.tensors()
    for size, shuffle in batches:
        patch = {"training": {"batch_size": size, "shuffle": shuffle}}
        made.change(patched(base, patch, made.setup), patch)
        made.advance(program(made.setup), 1)
    assert relative_error(expected_after(made, batches, first), made.tensors()) < 1e-5
