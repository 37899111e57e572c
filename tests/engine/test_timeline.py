"""The time line of a run: few moments however long it trains, the right one of them, and none of another way."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from app.engine.checkpoint import Checkpoint, JournalEntry
from app.engine.timeline import MOST_BYTES, MOST_KEPT, Ahead, Kept, Timeline, still_ahead
from app.engine.trainer import Trainer
from app.schemas.experiment import PlaneExperiment
from tests.engine.cases import layers, trainer

STEPS = 25
EXPERIMENT = PlaneExperiment()


@pytest.fixture(scope="module")
def made() -> Trainer:
    return trainer()


def moment(of: Trainer, epoch: int, *journal: JournalEntry, position: int = 0) -> Kept:
    """As if it had trained so far."""
    there = replace(of.checkpoint(), epoch=epoch, step=epoch * STEPS, position=position, journal=journal)
    return Kept(EXPERIMENT, there)


def entry(epoch: int, value: float = 1.0) -> JournalEntry:
    return JournalEntry(epoch * STEPS, {"training": {"optimizer": {"learning_rate": value}}})


def size(of: Checkpoint) -> int:
    return sum(np.asarray(leaf).nbytes for leaf in jax.tree.leaves(of.state))


def trained(of: Trainer, epochs: int) -> Timeline:
    timeline, epoch = Timeline(moment(of, 0)), 0
    while epoch < epochs:
        end = min(epochs, epoch + 1 + epoch // (2 * MOST_KEPT))
        epoch = timeline.due(epoch, end) or end
        timeline.keep(moment(of, epoch))
    return timeline


@pytest.mark.parametrize("epochs", [0, 1, 31, 32, 33, 100, 1_000, 123_456, 10_000_000])
def test_few_moments_are_kept_however_long_it_trains(made: Trainer, epochs: int) -> None:
    kept = trained(made, epochs).epochs
    assert len(kept) <= MOST_KEPT
    assert len(kept) >= min(epochs + 1, MOST_KEPT // 2)
    assert kept[0] == 0
    assert len(set(np.diff(kept).tolist())) <= 1


@pytest.mark.parametrize("units", [(4, 2), (64,) * 8])
def test_what_is_kept_has_a_bound_in_bytes(units: tuple[int, ...]) -> None:
    of = trainer(network={"layers": layers(*units)})
    kept = trained(of, 5_000).kept
    assert len(kept) >= 8
    assert sum(size(one.checkpoint) for one in kept) <= MOST_BYTES


def test_the_moment_before_a_point_is_found(made: Trainer) -> None:
    timeline = trained(made, 100)
    assert timeline.epochs == list(range(0, 101, 4))
    for wanted, found in ((0, 0), (3, 0), (4, 4), (99, 96), (100, 100)):
        by_epoch = timeline.before(epoch=wanted)
        by_step = timeline.before(step=wanted * STEPS + 3)
        assert by_epoch is not None
        assert by_step is not None
        assert by_epoch.checkpoint.epoch == by_step.checkpoint.epoch == found


def test_what_is_in_the_middle_of_an_epoch_is_not_kept(made: Trainer) -> None:
    timeline = trained(made, 2)
    timeline.keep(moment(made, 3, position=10))
    assert timeline.epochs == [0, 1, 2]


def test_a_run_that_was_not_there_from_the_start_keeps_no_more_than_others(made: Trainer) -> None:
    timeline = Timeline(moment(made, 4_096), moment(made, 0))
    assert timeline.epochs == [0, 4_096]
    stride = 2 * 4_096 // MOST_KEPT
    assert timeline.due(4_096, 4_096 + stride - 1) is None
    assert timeline.due(4_096, 4_096 + stride) == 4_096 + stride


@pytest.mark.parametrize(("after", "until", "due"), [(0, 1, 1), (0, 31, 16), (16, 31, 24), (24, 31, 28), (28, 31, 30)])
def test_of_several_moments_the_one_that_lasts_is_kept(made: Trainer, after: int, until: int, due: int) -> None:
    assert Timeline(moment(made, 0)).due(after, until) == due


def test_another_way_forgets_what_was_ahead(made: Trainer) -> None:
    timeline = trained(made, 20)
    timeline.ahead = Ahead((entry(12),), 20 * STEPS, 20)
    timeline.cut(10 * STEPS)
    assert (timeline.ahead, timeline.epochs) == (None, list(range(11)))


def test_of_another_way_only_the_common_part_stays(made: Trainer) -> None:
    change, other = entry(5), entry(5, 2.0)
    timeline = trained(made, 5)
    for epoch in range(6, 11):
        timeline.keep(moment(made, epoch, change))
    there = timeline.switched(moment(made, 9, other), timeline.beginning, None)
    assert there.epochs == [0, 1, 2, 3, 4, 5, 9]
    ahead = Ahead((change,), 8 * STEPS, 8)
    back = timeline.switched(moment(made, 3), timeline.beginning, ahead)
    assert back.epochs == list(range(9))
    seeded = Kept(EXPERIMENT.model_copy(update={"seed": 5}), moment(made, 0).checkpoint)
    assert timeline.switched(seeded, seeded, None).epochs == [0]


def test_what_is_ahead_of_a_moment_is_what_was_not_done_by_then(made: Trainer) -> None:
    way = (entry(0), entry(3), entry(3, 2.0), entry(7))
    assert still_ahead(way, moment(made, 3, *way[:1]).checkpoint) == way[1:]
    assert still_ahead(way, moment(made, 3, *way[:2]).checkpoint) == way[2:]
    assert still_ahead(way, moment(made, 4, *way[:3]).checkpoint) == way[3:]
    assert still_ahead(way, moment(made, 9, *way).checkpoint) == ()
