"""Going back to where a run has been, on again from there, and off on another way: always to the same bits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.timeline import MOST_KEPT
from app.errors import InvalidInput, LimitReached
from app.schemas.command import Point
from app.schemas.run import RunDocument
from tests.engine.replaying import replay
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, TWO_LAYERS, VISITOR, Driver
from tests.runs.watching import watch

FAST: dict[str, Any] = {"training": {"optimizer": {"learning_rate": 0.3}}}
ADAM: dict[str, Any] = {"training": {"optimizer": {"kind": "adam"}, "batch_size": 7}}
EDIT: dict[str, Any] = {"layer": 0, "parameter": "weight", "index": [1, 2], "value": 1.5}
Seen = tuple[dict[str, bytes], object, object, int, int, object]


def seen(driver: Driver, run: str) -> Seen:
    """All that a run holds, but revisions."""
    document = driver.look(run)
    rows = [(*row[:2], *row[3:]) for row in driver.service.history(run).rows]
    return driver.parameters(run), document.metrics, document.experiment, document.step, document.epoch, rows


def rewind(driver: Driver, run: str, **point: int) -> RunDocument:
    return driver.tell(run, "rewind", **point)


def branch(driver: Driver, run: str, **point: int) -> RunDocument:
    return driver.service.branches.branch(run, Point(**point)).result(PATIENCE_SECONDS)


def replayed(driver: Driver, run: str) -> dict[str, bytes]:
    """The parameters that the run's Experiment and journal lead to, in a trainer that was never told to go back."""
    made = replay(driver.service.journal(run).result(10))
    return {name: np.ascontiguousarray(tensor).tobytes() for name, tensor in made.tensors().items()}


@pytest.fixture
def run(driver: Driver) -> str:
    return driver.compiled(TWO_LAYERS).id


@pytest.fixture
def eventful(driver: Driver, run: str) -> tuple[str, dict[int, Seen]]:
    """A run with changes on its way, and how it looked at some epochs."""
    looks: dict[int, Seen] = {}
    doings: dict[int, Callable[[], object]] = {
        10: lambda: driver.patch(run, FAST),
        33: lambda: driver.tell(run, "edit", **EDIT),
        50: lambda: driver.tell(run, "step", unit="sample", count=30),
        71: lambda: driver.patch(run, ADAM),
        100: lambda: driver.patch(run, {"training": {"batch_size": 20}}),
    }
    for epoch in (0, 5, 10, 20, 33, 47, 50, 60, 71, 90, 100, 150):
        driver.play_until(run, epoch=epoch)
        if epoch in doings:
            doings[epoch]()
        if epoch != 50:
            looks[epoch] = seen(driver, run)
    return run, looks


def test_any_epoch_looks_as_it_did_then_whatever_was_changed_on_the_way(
    driver: Driver, eventful: tuple[str, dict[int, Seen]]
) -> None:
    run, looks = eventful
    for epoch in (90, 5, 60, 20, 150, 47, 71, 0, 33, 10, 100, 150):
        document = rewind(driver, run, epoch=epoch)
        assert (document.status, document.epoch) == ("paused", epoch)
        assert document.passed == (None if epoch == 150 else 150)
        assert seen(driver, run) == looks[epoch]
        assert driver.parameters(run) == replayed(driver, run)


@pytest.mark.parametrize("start", [0, 17, 47, 60, 99])
def test_playing_on_does_again_what_was_done(driver: Driver, eventful: tuple[str, dict[int, Seen]], start: int) -> None:
    run, looks = eventful
    rewind(driver, run, epoch=start)
    for epoch in (look for look in looks if look > start):
        driver.play_until(run, epoch=epoch)
        assert seen(driver, run) == looks[epoch]
    assert driver.look(run).passed is None
    driver.play_until(run, epoch=170)
    assert driver.parameters(run) == replayed(driver, run)


def test_any_step_can_be_had_again(driver: Driver, run: str) -> None:
    driver.play_until(run, step=333)
    there = seen(driver, run)
    driver.play_until(run, epoch=200)
    assert rewind(driver, run, step=333).step == 333
    assert seen(driver, run) == there


def test_a_change_goes_another_way(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=60)
    rewind(driver, run, epoch=30)
    driver.patch(run, FAST)
    assert driver.look(run).passed is None
    with pytest.raises(InvalidInput, match="at most 30"):
        rewind(driver, run, epoch=31)
    driver.play_until(run, epoch=80)
    assert driver.parameters(run) == replayed(driver, run)
    rewind(driver, run, epoch=45)
    assert driver.look(run).resolved.training.optimizer.learning_rate == 0.3
    assert driver.parameters(run) == replayed(driver, run)


def test_going_back_can_be_undone_and_done_again(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=60)
    end = seen(driver, run)
    rewind(driver, run, epoch=21)
    back = seen(driver, run)
    driver.patch(run, FAST)
    driver.play_until(run, epoch=40)
    assert driver.tell(run, "undo").resolved.training.optimizer.learning_rate == 0.03
    driver.tell(run, "undo")
    assert seen(driver, run) == end
    rewind(driver, run, epoch=21)
    assert seen(driver, run) == back
    driver.tell(run, "undo")
    driver.tell(run, "redo")
    assert seen(driver, run) == back
    assert driver.look(run).passed == 60


def test_a_reset_that_was_undone_has_its_time_line_again(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=30)
    there = seen(driver, run)
    driver.play_until(run, epoch=60)
    driver.tell(run, "reset")
    with pytest.raises(InvalidInput):
        rewind(driver, run, epoch=1)
    driver.tell(run, "undo")
    rewind(driver, run, epoch=30)
    assert seen(driver, run) == there


def test_a_run_that_plays_pauses_to_go_back(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=20)
    there = seen(driver, run)
    driver.tell(run, "play")
    driver.until(run, lambda document: document.epoch > 100)
    assert rewind(driver, run, epoch=20).status == "paused"
    assert seen(driver, run) == there


def test_early_stopping_stops_where_it_did(driver: Driver) -> None:
    experiment = {
        **TWO_LAYERS,
        "data": {"validation_fraction": 0.2, "noise": 40},
        "training": {"early_stopping": {"patience": 3}},
    }
    run = driver.compiled(experiment).id
    end = driver.play_until(run, epoch=5_000)
    assert end.status == "finished"
    first = seen(driver, run)
    rewind(driver, run, epoch=end.epoch // 2)
    assert driver.play_until(run, epoch=5_000).status == "finished"
    assert seen(driver, run) == first
    driver.patch(run, {"training": {"early_stopping": {"patience": 400}}})
    driver.play_until(run, epoch=end.epoch + 50)
    second = seen(driver, run)
    rewind(driver, run, epoch=end.epoch // 2)
    assert rewind(driver, run, epoch=end.epoch + 50).status == "paused"
    assert seen(driver, run) == second


def test_a_run_that_diverged_goes_back_and_diverges_where_it_did(driver: Driver) -> None:
    run = driver.compiled({"data": {"kind": "plane"}, "network": {"layers": []}}).id
    driver.play_until(run, epoch=20)
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 900}}})
    end = driver.play_until(run, epoch=5_000)
    assert end.status == "diverged"
    assert rewind(driver, run, epoch=7).status == "paused"
    again = driver.play_until(run, epoch=5_000)
    assert (again.status, again.step, again.passed) == ("diverged", end.step, None)


def test_what_was_not_passed_is_refused(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=3)
    for point in ({"epoch": 4}, {"step": 76}):
        with pytest.raises(InvalidInput, match="come no further"):
            rewind(driver, run, **point)
        with pytest.raises(InvalidInput, match="come no further"):
            branch(driver, run, **point)
    assert driver.look(run).undo is None


def test_few_moments_are_kept_of_a_long_run(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=3_000)
    timeline = driver.inside(run).timeline
    assert MOST_KEPT // 2 <= len(timeline.kept) <= MOST_KEPT
    for epoch in (1, 1_234, 2_999, 17):
        rewind(driver, run, epoch=epoch)
        assert len(timeline.kept) <= MOST_KEPT
        assert driver.parameters(run) == replayed(driver, run)


def test_a_short_run_at_full_speed_has_moments_enough_to_show_its_way(driver: Driver) -> None:
    run = ""
    for _ in range(2):  # the second time it is known how many updates fit into a slice
        run = driver.compiled().id
        driver.play_until(run, epoch=300)
    kept = driver.inside(run).timeline.epochs
    assert len(kept) >= 8
    assert max(np.diff([*kept, 300])) <= 100


def test_who_watches_is_told_where_the_run_stands_on_its_time_line(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=9)
    rewind(driver, run, epoch=4)
    told = watch(driver, [run], lambda viewer: bool(viewer.events)).events[0].data
    assert (told["epoch"], told["passed"]) == (4, 9)
    assert {0, 9} <= set(told["kept_epochs"]) <= set(range(10))


def test_a_branch_begins_where_the_other_has_been_and_leaves_it_alone(
    driver: Driver, eventful: tuple[str, dict[int, Seen]]
) -> None:
    run, looks = eventful
    before, journal = seen(driver, run), driver.service.journal(run).result(10)
    for epoch in (0, 20, 47, 150):
        new = branch(driver, run, epoch=epoch)
        assert (new.status, new.epoch, new.passed, new.undo) == ("paused", epoch, None, None)
        assert seen(driver, new.id) == looks[epoch]
    assert seen(driver, run) == before
    assert driver.service.journal(run).result(10) == journal
    new = branch(driver, run, step=500).id
    driver.play_until(new, epoch=40)
    assert driver.parameters(new) == replayed(driver, new)
    assert driver.look(new).resolved.training.optimizer.kind == "sgd"
    rewind(driver, new, epoch=5)
    assert seen(driver, new) == looks[5]


def test_a_branch_of_a_run_that_looks_back_begins_there(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=40)
    document = rewind(driver, run, epoch=12)
    new = branch(driver, run, step=document.step)
    assert driver.parameters(new.id) == driver.parameters(run)
    assert driver.look(run).passed == 40


def test_a_branch_counts_as_a_run(service_of: ServiceOf) -> None:
    with service_of(single_user=False, max_runs_per_visitor=2) as driver:
        run = driver.compiled().id
        driver.play_until(run, epoch=2)
        branch(driver, run, epoch=1)
        with pytest.raises(LimitReached):
            branch(driver, run, epoch=1)
        assert len(driver.listed(VISITOR)) == 2


@pytest.mark.parametrize("back", [None, 33])
def test_a_run_that_slept_goes_back_all_the_same(service_of: ServiceOf, tmp_path: Path, back: int | None) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled(TWO_LAYERS).id
        driver.play_until(run, epoch=20)
        driver.patch(run, FAST)
        early = seen(driver, run)
        driver.play_until(run, epoch=60)
        end = seen(driver, run)
        if back is not None:
            rewind(driver, run, epoch=back)
    with service_of(data_dir=tmp_path) as driver:
        assert driver.until(run, lambda document: document.status != "compiling").passed == (60 if back else None)
        rewind(driver, run, epoch=20)
        assert seen(driver, run) == early
        rewind(driver, run, epoch=60)
        assert seen(driver, run) == end
