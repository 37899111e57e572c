"""Sweeps that train: exact numbers, whatever interrupts them, and in nobody's way."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest

from app.engine.loop import compile_advance
from app.errors import InvalidInput, LimitReached, NotFound
from app.families.base import AnyFamily, PlaneSetup
from app.runs.trials import experiment_of
from app.schemas.document import parse_value
from app.schemas.sweep import Sweep, SweepDocument, Trial
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, TWO_LAYERS, VISITOR, Driver
from tests.runs.watching import frames, watch

RATES: Mapping[str, Any] = {"training.optimizer.learning_rate": [0.01, 0.1]}
LONG: Mapping[str, Any] = {"space": {"seed": list(range(20))}, "epochs": 10_000}


def begin(driver: Driver, experiment: Mapping[str, Any] = SMALLEST, visitor: str = VISITOR, **sweep: object) -> str:
    """A sweep, by its id."""
    wanted = parse_value(Sweep, {"experiment": experiment, "space": RATES, "epochs": 5, **sweep})
    return driver.service.sweeps.start(wanted, visitor).id


def until(driver: Driver, sweep_id: str, condition: Callable[[SweepDocument], bool]) -> SweepDocument:
    """The sweep, once the condition holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition(sweep := driver.service.sweeps.get(sweep_id, VISITOR)):
        assert time.monotonic() < deadline, sweep
        time.sleep(0.005)
    return sweep


def done(driver: Driver, sweep_id: str) -> tuple[Trial, ...]:
    """Its trials, once it is finished."""
    return until(driver, sweep_id, lambda sweep: sweep.status == "finished").trials


@pytest.mark.parametrize(
    ("experiment", "space"),
    [
        (SMALLEST, {"training.optimizer.kind": ["sgd", "adam"], "seed": [1, 2]}),
        (TWO_LAYERS, {"network.layers.0.dropout": [0.2], "data.noise": [0, 20]}),
        ({**SMALLEST, "data": {"kind": "plane", "samples": 100}}, {"training.batch_size": [1, 7]}),
        ({**SMALLEST, "data": {"kind": "blobs", "classes": 3, "validation_fraction": 0.2}}, RATES),
        ({"family": "perceptron"}, {"seed": [1, 2]}),
    ],
)
def test_a_trial_is_a_run_of_its_experiment_bit_for_bit(
    driver: Driver, experiment: Mapping[str, Any], space: Mapping[str, Any]
) -> None:
    sweep_id = begin(driver, experiment, space=space, epochs=37)
    for trial in done(driver, sweep_id):
        sweep = driver.service.sweeps.get(sweep_id, VISITOR).sweep
        run = driver.compiled(experiment_of(sweep, trial.values).given())
        trained = driver.play_until(run.id, epoch=37)
        assert (trial.status, trial.epoch) == ("finished", 37)
        assert trial.metrics == trained.metrics


def test_one_that_diverges_is_said_to_and_is_never_the_best(driver: Driver) -> None:
    experiment = {**SMALLEST, "data": {"kind": "plane"}}
    sweep_id = begin(driver, experiment, space={"training.optimizer.learning_rate": [0.01, 10]}, epochs=500)
    good, bad = done(driver, sweep_id)
    assert (good.status, bad.status) == ("finished", "diverged")
    assert bad.message.startswith("Diverged at step")
    assert bad.epoch < 500
    assert bad.metrics is not None
    assert driver.service.sweeps.get(sweep_id, VISITOR).best == 0


def test_one_that_stops_early_is_finished_and_says_so(driver: Driver) -> None:
    stopping = {"early_stopping": {"patience": 3, "min_delta": 10}}
    experiment = {**SMALLEST, "data": {"validation_fraction": 0.2}, "training": stopping}
    for trial in done(driver, begin(driver, experiment, epochs=50)):
        assert (trial.status, trial.epoch) == ("finished", 4)
        assert trial.message == "Stopped early at epoch 4: the validation loss no longer fell."


def test_interrupted_at_any_time_it_comes_to_the_same_numbers(service_of: ServiceOf, tmp_path: Path) -> None:
    sweep: Mapping[str, Any] = {
        "space": {
            "training.optimizer.learning_rate": {"low": 0.001, "high": 1, "scale": "log"},
            "seed": {"low": 0, "high": 99, "whole": True},
        },
        "search": {"kind": "random", "trials": 8, "seed": 5},
        "epochs": 1_500,
    }
    with service_of() as driver:
        undisturbed = done(driver, begin(driver, **sweep))
    with service_of(tmp_path) as driver:
        sweep_id = begin(driver, **sweep)
        until(driver, sweep_id, lambda sweep: sweep.done > 0)
    with service_of(tmp_path) as driver:
        assert driver.service.sweeps.get(sweep_id, VISITOR).status == "running"
        until(driver, sweep_id, lambda sweep: sweep.done > 3)
    with service_of(tmp_path) as driver:
        assert done(driver, sweep_id) == undisturbed
    with service_of(tmp_path) as driver:
        assert driver.service.sweeps.get(sweep_id, VISITOR).trials == undisturbed


def test_one_that_is_stopped_stays_so(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(tmp_path) as driver:
        sweep_id = begin(driver, **LONG)
        until(driver, sweep_id, lambda sweep: any(trial.status == "training" for trial in sweep.trials))
        stopped = driver.service.sweeps.stop(sweep_id, VISITOR)
        assert stopped.message == f"Stopped after {stopped.done} of 20 trials."
        assert {trial.status for trial in stopped.trials} <= {"waiting", "finished"}
        time.sleep(0.1)
        assert driver.service.sweeps.get(sweep_id, VISITOR) == stopped
        done(driver, begin(driver))  # there is room for another
    with service_of(tmp_path) as driver:
        time.sleep(0.1)
        assert driver.service.sweeps.get(sweep_id, VISITOR) == stopped


def test_one_that_runs_already_does_not_begin_again(driver: Driver) -> None:
    sweep_id = begin(driver, **LONG)
    until(driver, sweep_id, lambda sweep: any(trial.epoch for trial in sweep.trials))
    driver.service.sweeps.resume()
    assert any(trial.epoch for trial in driver.service.sweeps.get(sweep_id, VISITOR).trials)


def test_one_that_cannot_go_on_after_a_restart_is_stopped(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(tmp_path) as driver:
        sweep_id = begin(driver, TWO_LAYERS, **LONG)
    with service_of(tmp_path, max_parameters=5) as driver:
        sweep = until(driver, sweep_id, lambda sweep: sweep.status != "running")
        assert sweep.message == "Stopped after 0 of 20 trials."


def test_one_that_is_deleted_is_no_more(driver: Driver) -> None:
    sweep_id = begin(driver, **LONG)
    driver.service.sweeps.delete(sweep_id, VISITOR)
    for ask in (driver.service.sweeps.get, driver.service.sweeps.stop, driver.service.sweeps.delete):
        with pytest.raises(NotFound):
            ask(sweep_id, VISITOR)
    assert driver.service.sweeps.list(VISITOR) == []


def test_it_says_how_far_it_is(driver: Driver) -> None:
    sweep_id = begin(driver, **LONG)
    some = until(driver, sweep_id, lambda sweep: sweep.seconds_left is not None)
    assert some.message.startswith(f"{some.done} of 20 trials are done.")
    assert some.seconds_left is not None
    assert some.seconds_left > 0


def test_a_visitor_has_one_at_once_where_there_are_several(service_of: ServiceOf) -> None:
    with service_of() as driver:
        first = begin(driver, **LONG)
        with pytest.raises(LimitReached, match=r"1 of your sweeps is running, and 1 is the most\."):
            begin(driver)
        other = begin(driver, visitor="somebody else")
        driver.service.sweeps.stop(first, VISITOR)
        done(driver, begin(driver))
        assert driver.service.sweeps.get(other, "somebody else").total == 2
    with service_of(single_user=True) as driver:
        for sweep_id in [begin(driver) for _ in range(3)]:
            done(driver, sweep_id)


def test_the_oldest_that_has_ended_makes_room(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runs.sweeps.MOST_KEPT", 2)
    sweep_ids: list[str] = []
    for _ in range(3):
        sweep_ids.append(begin(driver))
        done(driver, sweep_ids[-1])
    assert [sweep.id for sweep in driver.service.sweeps.list(VISITOR)] == sweep_ids[:0:-1]


def test_it_waits_for_computing_time_and_goes_on_when_that_has_come_back(service_of: ServiceOf) -> None:
    with service_of(compute_seconds=0.2, compute_refill=0.05) as driver:
        sweep_id = begin(driver, space={"seed": [1, 2]}, epochs=10_000)
        waiting = until(driver, sweep_id, lambda sweep: "used up" in sweep.message)
        assert waiting.message.endswith("The sweep goes on by itself in a minute.")
        assert waiting.seconds_left is None
        far = sum(trial.epoch for trial in waiting.trials)
        until(driver, sweep_id, lambda sweep: sum(trial.epoch for trial in sweep.trials) > far)


def test_a_trial_that_the_server_fails_is_said_to_and_others_go_on(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.compiled()
    with monkeypatch.context() as broken:
        broken.setattr("app.runs.search.Trainer", None)
        sweep_id = begin(driver)
        failed = done(driver, sweep_id)
    assert {trial.status for trial in failed} == {"failed"}
    assert "failed while training" in failed[0].message
    assert driver.service.sweeps.get(sweep_id, VISITOR).best is None
    assert {trial.status for trial in done(driver, begin(driver))} == {"finished"}


def test_while_one_waits_for_the_compiler_others_train(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.compiled()
    compiling = Event()

    def slowly(family: AnyFamily, setup: PlaneSetup, tracing: Lock) -> object:
        compiling.wait(PATIENCE_SECONDS)
        return compile_advance(family, setup, tracing)

    monkeypatch.setattr("app.engine.program.compile_advance", slowly)
    # No other test has four layers of these widths.
    layers = [[{"units": 9}] * 4, []]
    sweep_id = begin(driver, space={"network.layers": layers})
    sweep = until(driver, sweep_id, lambda sweep: sweep.done == 1)
    assert [trial.status for trial in sweep.trials] == ["compiling", "finished"]
    until(driver, sweep_id, lambda sweep: sweep.message == "1 of 2 trials are done. The next is being compiled.")
    compiling.set()
    assert {trial.status for trial in done(driver, sweep_id)} == {"finished"}


def test_one_that_cannot_be_compiled_fails_alone(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.compiled()
    with monkeypatch.context() as broken:
        broken.setattr("app.engine.program.compile_advance", None)
        # No other test has five layers of these widths.
        first, second = done(driver, begin(driver, space={"network.layers": [[{"units": 9}] * 5, []]}))
    assert (first.status, second.status) == ("failed", "finished")
    assert first.message.startswith("The server could not compile this network.")


def test_nothing_is_begun_where_one_trial_cannot_be(driver: Driver) -> None:
    with pytest.raises(InvalidInput):
        begin(driver, space={"training.batch_size": [5, 0]})
    assert driver.service.sweeps.list(VISITOR) == []


def test_those_who_watch_a_run_see_it_go_on(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS, speed=100.0)
    sweep_id = begin(driver, TWO_LAYERS, **LONG)
    until(driver, sweep_id, lambda sweep: any(trial.epoch for trial in sweep.trials))
    driver.tell(run.id, "play")
    began = time.monotonic()
    viewer = watch(driver, [run.id], frames(20))
    assert time.monotonic() - began < 10.0, "at least two a second, also on a machine that is busy otherwise"
    assert viewer.frames()[-1]["epoch"] > 50
    began = time.monotonic()
    driver.tell(run.id, "pause")
    assert time.monotonic() - began < 1.0
    assert driver.service.sweeps.get(sweep_id, VISITOR).status == "running"
