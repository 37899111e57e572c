from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from app.engine.history import History, columns, stride
from app.engine.loop import HISTORY_ROWS
from app.engine.trainer import Trainer
from app.families.registry import family_of
from tests.engine.cases import metrics, observed, program, setup, trainer

# One step an epoch, of five samples.
TINY: dict[str, Any] = {"data": {"samples": 10}, "training": {"batch_size": 1_000}}
EPOCHS = 9_000


def expected_stride(epoch: int) -> int:
    """By its definition: 1 up to epoch 2,048, and twice as much each time that the epoch has doubled."""
    step = 1
    while epoch > HISTORY_ROWS * step:
        step *= 2
    return step


@pytest.fixture(scope="module")
def long_run() -> Trainer:
    made = trainer(**TINY)
    made.record_start(np.asarray(observed(made).sums))
    made.advance(program(made.setup), EPOCHS)
    return made


def test_the_stride_doubles_with_the_epochs() -> None:
    epochs = [*range(20_000), *(HISTORY_ROWS * 2**power + offset for power in range(12) for offset in (-1, 0, 1))]
    assert [stride(epoch) for epoch in epochs] == [expected_stride(epoch) for epoch in epochs]


def test_the_program_records_on_the_hosts_stride(long_run: Trainer) -> None:
    made = trainer(**TINY)
    recorded = 0
    for until in range(500, EPOCHS + 1, 500):
        recorded += made.advance(program(made.setup), until - made.step).rows
        due = [epoch for epoch in range(1, until + 1) if epoch % expected_stride(epoch) == 0]
        assert recorded == len(due)
        kept = expected_stride(due[-1])
        assert [row[1] for row in made.history.rows] == [epoch for epoch in due if epoch % kept == 0]
    assert made.history.rows == long_run.history.rows[1:]


def test_it_is_bounded_and_keeps_start_and_end(long_run: Trainer) -> None:
    rows = long_run.history.rows
    assert HISTORY_ROWS / 2 < len(rows) <= HISTORY_ROWS + 1
    assert rows[0][:2] == (0, 0)
    assert EPOCHS - rows[-1][1] < stride(EPOCHS)
    assert {after[1] - before[1] for before, after in pairwise(rows)} == {stride(EPOCHS)}


def test_what_it_holds_does_not_depend_on_whether_the_start_was_seen() -> None:
    seen, unseen = History(("step", "epoch")), History(("step", "epoch"))
    seen.add((0, 0))
    for epoch in range(1, 9_000):
        if epoch % stride(epoch) == 0:
            for history in (seen, unseen):
                history.add((epoch, epoch))
            assert len(seen.rows) == len(unseen.rows) + 1 <= HISTORY_ROWS + 1
    assert seen.rows[1:] == unseen.rows


def test_rows_hold_the_metrics_of_their_step() -> None:
    made = trainer(data={"validation_fraction": 0.3, "kind": "plane", "samples": 300}, training={"batch_size": 7})
    made.revision = 5
    made.record_start(np.asarray(observed(made).sums))
    for epoch in range(4):
        made.advance(program(made.setup), made.steps_until(epoch))
        row = dict(zip(made.history.columns, made.history.rows[-1], strict=True))
        assert (row["step"], row["epoch"], row["revision"]) == (made.step, epoch, 5)
        for part, values in metrics(made).items():
            assert values is not None
            for name, value in values.items():
                assert row[f"{part}_{name}"] == pytest.approx(value, rel=1e-6), (part, name)


def test_columns_name_each_metric_of_each_part() -> None:
    assert columns(family_of("mlp"), setup()) == (
        *("step", "epoch", "revision"),
        *("train_loss", "validation_loss", "test_loss"),
        *("train_accuracy", "validation_accuracy", "test_accuracy"),
    )


def test_an_empty_part_has_no_value() -> None:
    made = trainer()
    made.advance(program(made.setup), made.steps_until(1))
    row = dict(zip(made.history.columns, made.history.rows[0], strict=True))
    assert row["validation_loss"] is row["validation_accuracy"] is None
    assert row["test_loss"] > 0


def test_after_gives_what_came_later() -> None:
    history = History(("step", "epoch"))
    for epoch in range(10):
        history.add((epoch * 25, epoch))
    assert history.after(-1) == history.rows
    assert history.after(0) == history.rows[1:]
    assert history.after(99) == history.after(75) == history.rows[4:]
    assert history.after(10_000) == []


def test_rows_of_a_later_revision_are_new_whatever_their_step() -> None:
    history = History(("step", "epoch", "revision", "train_loss"))
    for step, revision in ((0, 0), (25, 0), (50, 3), (75, 3)):
        history.add((step, step // 25, revision, 0.5))
    assert history.after(75, 3) == []
    assert [row[0] for row in history.after(75, 0)] == [50, 75]
    assert [row[0] for row in history.after(25, 0)] == [50, 75]


def test_rows_survive_as_bytes_that_may_be_joined() -> None:
    names = ("step", "epoch", "revision", "train_loss", "test_loss")
    history = History(names)
    for epoch in range(5_000):
        history.add((25 * epoch, epoch, 0, 1 / (epoch + 1), None))
    middle = history.rows[700][0]
    head = History(names, history.rows[:701])
    loaded = History(names)
    loaded.load(head.to_bytes())
    loaded.load(history.to_bytes(middle))
    assert loaded.rows == history.rows


def test_rows_that_grew_between_saves_thin_alike() -> None:
    names = ("step", "epoch", "revision", "train_loss")
    history, loaded, saved = History(names), History(names), -1
    for epoch in range(9_000):
        if epoch % stride(epoch) == 0:
            history.add((epoch, epoch, 0, 0.5))
        if epoch % 1_234 == 0:
            loaded.load(history.to_bytes(saved))
            saved = history.rows[-1][0]
    loaded.load(history.to_bytes(saved))
    assert loaded.rows == history.rows


@pytest.mark.parametrize("rows", [[[1, 0, 0, 0.5], [1, 0, 0, 0.5]], [[np.nan, 0, 0, 0.5]], [[-1, 0, 0, 0.5]]])
def test_rows_that_are_not_in_order_are_refused(rows: list[list[float]]) -> None:
    history = History(("step", "epoch", "revision", "train_loss"))
    with pytest.raises(ValueError, match="in order"):
        history.load(np.array(rows, np.float64).tobytes())
