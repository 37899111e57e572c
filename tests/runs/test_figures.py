"""What operators are told of the runs."""

import pytest

from app.runs.rhythm import FRAME_SECONDS, Metronome
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
    metronome = Metronome()
    assert metronome.rhythm(1).interval == FRAME_SECONDS
    rhythms = [metronome.rhythm(watched) for watched in (1, 20, 60, 100, 500)]
    assert rhythms == sorted(rhythms, key=lambda rhythm: (rhythm.interval, rhythm.pictures))
    assert rhythms[-1].interval < 1 / 4
    assert metronome.rhythm(0).leisure == metronome.rhythm(0).interval
    busy, busier = metronome.rhythm(10_000), metronome.rhythm(20_000)
    assert busier.leisure == pytest.approx(2 * busy.leisure, rel=0.01)


def test_pictures_become_rarer_than_frames_as_they_cost_more() -> None:
    metronome = Metronome()
    assert metronome.rhythm(10).pictures == 0
    before = metronome.rhythm(100)
    for _ in range(100):
        metronome.note(0.01, sketch=False)
        metronome.note(0.0005, sketch=True)
    after = metronome.rhythm(100)
    assert after.pictures > 2 * before.pictures > 2 * before.interval
    assert (after.interval, after.leisure) == pytest.approx((before.interval, before.leisure))
