"""Every recorded point reaches a client exactly once, wherever its stream is cut and whatever happens to the run."""

import threading
import time
from collections.abc import Callable

import pytest

from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver
from tests.runs.watching import Event, Viewer, told_of, watch

# What a client may send instead of its last id `boot.run-origin-step`.
STRANGE_IDS: dict[str, Callable[[str], str]] = {
    "none": lambda _: "",
    "garbage": lambda _: "x" * 10_000,
    "a line break": lambda last_id: last_id + "\n",
    "two dashes": lambda last_id: last_id.replace("-", "--"),
    "other digits": lambda last_id: last_id[:-1] + "\N{ARABIC-INDIC DIGIT ONE}",
    "before a restart": lambda last_id: ("0" if last_id[0] != "0" else "1") + last_id[1:],
    "no run": lambda last_id: last_id[:8],
    "an unknown run": lambda last_id: f"{last_id[:9]}{'0' * 12}{last_id[21:]}",
    "cut short": lambda last_id: last_id.rpartition("-")[0],
}


def _recorded(driver: Driver, run_id: str) -> list[int]:
    return [row[0] for row in driver.service.history(run_id).rows]


def _restored(events: list[Event]) -> Viewer:
    """A client that has seen these events and no more."""
    viewer = Viewer()
    for event in events:
        viewer.see(event)
    return viewer


def _play_through(driver: Driver, run_id: str) -> None:
    """Everything that begins a curve anew or goes on with one."""
    driver.play_until(run_id, epoch=60)
    driver.patch(run_id, {"training": {"optimizer": {"learning_rate": 0.1}}})
    driver.play_until(run_id, epoch=100)
    driver.tell(run_id, "reset")
    driver.tell(run_id, "step", unit="epoch", count=5)
    driver.tell(run_id, "play")
    driver.until(run_id, lambda run: run.epoch > 50)
    driver.patch(run_id, {"data": {"noise": 20}})  # plays on
    driver.until(run_id, lambda run: run.epoch > 50)
    driver.tell(run_id, "pause")


def test_stream_cut_at_any_event_of_a_session_misses_nothing(driver: Driver) -> None:
    run = driver.compiled(speed=400.0).id
    story = threading.Thread(target=_play_through, args=(driver, run))
    story.start()
    paused = told_of("paused")
    session = watch(driver, [run], lambda viewer: paused(viewer) and viewer.events[-1].data["origin"] == 3)
    story.join()
    last = driver.look(run)
    curve = _recorded(driver, run)
    assert curve[-1] == last.epoch * 25
    assert session.curves[run][last.origin] == curve
    assert {origin for event in session.events for origin in [event.data["origin"]]} == {0, 2, 3}
    for cut in range(len(session.events) + 1):
        viewer = _restored(session.events[:cut])
        watch(driver, [run], told_of("paused", at_least=last.step), viewer=viewer)
        assert viewer.curves[run][last.origin] == curve, cut


def test_stream_cut_again_and_again_at_full_speed_misses_nothing(driver: Driver) -> None:
    run = driver.compiled().id
    driver.tell(run, "play", until={"epoch": 9_000})
    viewer, ended = Viewer(), told_of("paused")
    while driver.look(run).status == "running":
        seen = len(viewer.events)
        watch(driver, [run], lambda viewer, more=seen + 3: len(viewer.events) >= more or ended(viewer), viewer=viewer)
    watch(driver, [run], told_of("paused"), viewer=viewer)
    steps, recorded = viewer.curves[run][0], _recorded(driver, run)
    assert len(recorded) < 2_100  # it has thinned
    assert steps == sorted(set(steps))
    assert set(steps) >= set(recorded)


def test_points_that_were_thinned_before_anybody_saw_them_are_not_missed(driver: Driver) -> None:
    run = driver.compiled().id
    driver.play_until(run, epoch=5_000)
    viewer = watch(driver, [run], told_of("paused"))
    assert viewer.curves[run][0] == _recorded(driver, run)


@pytest.mark.parametrize("kind", STRANGE_IDS)
def test_id_that_says_nothing_of_this_run_means_from_the_beginning(driver: Driver, kind: str) -> None:
    run = driver.compiled().id
    driver.tell(run, "step", unit="epoch", count=30)
    last_id = watch(driver, [run], told_of("paused")).last_id
    viewer = watch(driver, [run], told_of("paused"), viewer=Viewer(last_id=STRANGE_IDS[kind](last_id)))
    assert viewer.curves[run][0] == _recorded(driver, run)


def test_id_of_other_runs_means_from_the_beginning(driver: Driver) -> None:
    seen, unseen = driver.compiled().id, driver.compiled().id
    for run in (seen, unseen):
        driver.tell(run, "step", unit="epoch", count=30)
    last_id = watch(driver, [seen], told_of("paused")).last_id
    viewer = watch(driver, [unseen], told_of("paused"), viewer=Viewer(last_id=last_id))
    assert viewer.curves[unseen][0] == _recorded(driver, unseen)


def test_run_that_joins_a_stream_begins_while_the_others_go_on(driver: Driver) -> None:
    old, new = driver.compiled().id, driver.compiled().id
    for run in (old, new):
        driver.tell(run, "step", unit="epoch", count=30)
    viewer = watch(driver, [old], told_of("paused"))
    driver.tell(old, "step", unit="epoch", count=10)
    watch(driver, [new, old], lambda viewer: len(viewer.frames()) == 3, viewer=viewer)
    for run in (old, new):
        assert viewer.curves[run][0] == _recorded(driver, run)


def test_one_stream_tells_of_several_runs(driver: Driver) -> None:
    runs = [driver.compiled({**SMALLEST, "seed": seed}).id for seed in range(3)]
    for run in runs:
        driver.tell(run, "play", until={"epoch": 400})
    viewer = Viewer()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(driver.look(run).status == "running" for run in runs):
        assert time.monotonic() < deadline
        seen = len(viewer.events)
        watch(driver, runs, lambda viewer, seen=seen: len(viewer.events) > seen + 4, viewer=viewer)
    watch(driver, runs, lambda viewer: {e["run"] for e in viewer.frames()[-3:]} == set(runs), viewer=viewer)
    for run in runs:
        assert viewer.curves[run][0] == _recorded(driver, run)
