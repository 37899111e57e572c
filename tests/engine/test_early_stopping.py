from itertools import repeat
from typing import Any

import numpy as np
import pytest

from app.engine.trainer import Trainer
from tests.engine.cases import experiment, layers, patched, program, trainer

PATIENCE = 8
LIMIT = 2_000
DOCUMENT: dict[str, Any] = {
    "seed": 2,
    "data": {"kind": "spiral", "validation_fraction": 0.25, "noise": 30, "samples": 200},
    "network": {"layers": layers(8, 8)},
    "training": {"optimizer": {"kind": "adam"}, "early_stopping": {"patience": PATIENCE}},
}


def with_training(**training: object) -> dict[str, Any]:
    return {**DOCUMENT, "training": {**DOCUMENT["training"], **training}}


def stop(made: Trainer, slice_: int = 10**6) -> Trainer:
    while made.epoch < LIMIT:
        report = made.advance(program(made.setup), min(slice_, made.steps_until(LIMIT)))
        assert report.divergence is None
        if report.stopped:
            return made
    raise AssertionError("it did not stop")


def expected_stop(losses: list[float], patience: int, min_delta: float = 0.0) -> int:
    """The epoch at which patience ends, by its definition; `losses` are those after epoch 1, 2, …"""
    best, since = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - min_delta:
            best, since = loss, epoch
        if epoch - since >= patience:
            return epoch
    return 0


def validation_losses(made: Trainer) -> list[float]:
    column = made.history.columns.index("validation_loss")
    return [row[column] for row in made.history.rows]


@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (8, 0.0), (8, 0.01), (30, 0.0), (5, 10.0)])
def test_it_stops_after_so_many_epochs_without_improvement(patience: int, min_delta: float) -> None:
    made = stop(trainer(**with_training(early_stopping={"patience": patience, "min_delta": min_delta})))
    assert made.epoch == expected_stop(validation_losses(made), patience, min_delta)
    assert made.position == 0


@pytest.mark.parametrize("slice_", [1, 3, 10, 11])
def test_it_stops_at_the_same_step_however_sliced(slice_: int) -> None:
    expected, found = stop(trainer(**DOCUMENT)), stop(trainer(**DOCUMENT), slice_)
    assert found.step == expected.step
    np.testing.assert_array_equal(found.tensors()["layers.1.weight"], expected.tensors()["layers.1.weight"])
    assert found.history.rows == expected.history.rows


def test_without_it_training_goes_on() -> None:
    made, stopped = trainer(**with_training(early_stopping=None)), stop(trainer(**DOCUMENT))
    report = made.advance(program(made.setup), stopped.step + 50)
    assert (report.taken, report.stopped) == (stopped.step + 50, False)
    assert stopped.epoch < 1_000


def test_a_change_gives_new_patience() -> None:
    made = stop(trainer(**DOCUMENT))
    stopped = made.epoch
    patch = {"training": {"optimizer": {"learning_rate": 0.0}}}
    made.change(patched(experiment(**DOCUMENT), patch, made.setup), patch)
    # At a rate of 0 the first loss is the best, and the others do not improve on it.
    assert stop(made).epoch == stopped + 1 + PATIENCE


def test_going_on_after_the_stop_stops_at_each_epoch_without_improvement() -> None:
    made = stop(trainer(**DOCUMENT))
    first = made.epoch
    for _ in repeat(None, 3):
        report = made.advance(program(made.setup), 10**6)
        assert report.stopped
    assert made.epoch >= first + 3
