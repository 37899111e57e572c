"""What operators are told of the runs."""

import pytest

from app.runs.observer import FRAME_SECONDS, Observer
from app.runs.tally import LAG_SECONDS, Tally
from tests.runs.driver import Driver
from tests.runs.watching import frames, watch


def test_steps_slices_frames_and_compiles_are_counted(driver: Driver) -> None:
    run = driver.compiled().id
    before = driver.service.figures()
    driver.tell(run, "step", unit="batch", count=500)
    watch(driver, [run], frames(1))
    after = driver.service.figures()
    assert after.steps - before.steps == 500
    assert sum(after.lags) > sum(before.lags)
    assert after.frames > before.frames
    assert after.statuses["paused"] == before.statuses["paused"] + 1
    assert after.compiles >= 1
    assert after.compile_seconds > 0


@pytest.mark.parametrize(("lag", "place"), [(-0.1, 0), (LAG_SECONDS[0], 0), (0.006, 1), (LAG_SECONDS[-1], 4), (9.0, 5)])
def test_slice_is_counted_by_how_late_it_came(lag: float, place: int) -> None:
    tally = Tally()
    tally.add(7, lag)
    assert [index for index, count in enumerate(tally.lags) if count] == [place]
    assert (tally.steps, tally.lag_seconds) == (7, max(0.0, lag))


def test_frames_become_rarer_as_more_are_watched_and_training_keeps_its_share() -> None:
    observer = Observer()
    assert observer.interval(1) == FRAME_SECONDS
    intervals = [observer.interval(watched) for watched in (1, 20, 60, 100, 500)]
    assert intervals == sorted(intervals)
    assert intervals[-1] < 1 / 4
    assert observer.leisure(0) == observer.interval(0)
    assert observer.leisure(2_000) == pytest.approx(2 * observer.leisure(1_000))
