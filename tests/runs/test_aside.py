"""Heavy runs: they train and are looked at aside, so that nobody else waits, and end as all others do."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.engine.program import Program
from app.engine.trainer import Trainer
from app.errors import ComputationFailed
from app.families.base import Observation
from app.runs import run as runs
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, TWO_LAYERS, Driver
from tests.runs.watching import ALL, Viewer, follow, frames, watch

WAIT_SECONDS = 10.0


class Gate:
    """Looks at heavy runs stop here until it opens."""

    def __init__(self) -> None:
        self.reached, self._open = threading.Event(), threading.Event()

    def open(self) -> None:
        """Lets them through."""
        self._open.set()

    def wait(self) -> None:
        """Where a look comes by."""
        self.reached.set()
        assert self._open.wait(WAIT_SECONDS)


@pytest.fixture
def heavy(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run that counts as heavy, beside those of the smallest network, which do not."""
    light = driver.inside(driver.compiled(SMALLEST).id)
    monkeypatch.setattr(runs, "HEAVY", light.program.work)
    run = driver.compiled(TWO_LAYERS).id
    assert driver.inside(run).heavy
    assert not light.heavy
    return run


@pytest.fixture
def gate(heavy: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Holds up whoever looks at the heavy run."""
    gate, trainer, look = Gate(), driver.inside(heavy).trainer, Trainer.look

    def held(self: Trainer, program: Program, choice: int = 0) -> Callable[[], Observation]:
        looking = look(self, program, choice)

        def waiting() -> Observation:
            gate.wait()
            return looking()

        return waiting if self is trainer else looking

    monkeypatch.setattr(Trainer, "look", held)
    yield gate
    gate.open()


def test_others_are_answered_while_a_heavy_run_is_looked_at(heavy: str, gate: Gate, driver: Driver) -> None:
    light = driver.compiled().id
    first = driver.begin(heavy, "edit", layer=0, parameter="bias", index=[0], value=1.5)
    assert gate.reached.wait(WAIT_SECONDS)
    second = driver.begin(heavy, "edit", layer=0, parameter="bias", index=[1], value=2.5)
    patched = driver.service.patch(heavy, {"training": {"batch_size": 7}})
    assert driver.tell(light, "step", unit="batch").step == 1
    assert driver.patch(light, {"training": {"batch_size": 3}}).experiment.training.batch_size == 3
    assert not any(future.done() for future in (first, second, patched))
    assert driver.inside(heavy).revision == 3
    gate.open()
    done = [future.result(PATIENCE_SECONDS) for future in (first, second, patched)]
    assert [run.revision for run in done] == [3, 3, 3]
    assert done[-1].experiment.training.batch_size == 7
    assert driver.service.parameters(heavy).result()["layers.0.bias"][:2].tolist() == [1.5, 2.5]


def test_whoever_leaves_before_the_first_look_leaves_the_run_in_peace(heavy: str, gate: Gate, driver: Driver) -> None:
    driver.begin(heavy, "edit", layer=0, parameter="bias", index=[0], value=1.5)
    assert gate.reached.wait(WAIT_SECONDS)
    subscription = driver.service.subscribe([heavy], ALL, "")

    async def leave() -> None:
        await asyncio.wait_for(follow(subscription, Viewer(), frames(1)), 0.2)

    with pytest.raises(TimeoutError):
        asyncio.run(leave())
    gate.open()
    assert driver.look(heavy).status == "created"


def test_heavy_run_ends_as_a_light_one(heavy: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def trained() -> tuple[dict[str, bytes], list[tuple[float | None, ...]]]:
        run = driver.compiled(TWO_LAYERS).id
        driver.play_until(run, epoch=20)
        driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.1}}})
        driver.tell(run, "step", unit="sample", count=3)
        driver.play_until(run, epoch=30)
        driver.tell(run, "rewind", epoch=25)
        return driver.parameters(run), driver.service.history(run).rows

    aside = trained()
    monkeypatch.setattr(runs, "HEAVY", 10**12)
    assert not driver.inside(heavy).heavy
    assert trained() == aside


def test_heavy_run_is_shown_while_it_trains_and_when_it_pauses(heavy: str, driver: Driver) -> None:
    driver.tell(heavy, "play")
    shown = watch(driver, [heavy], frames(4), parts=ALL).frames()
    assert set().union(*shown) >= ALL
    assert len({frame["step"] for frame in shown}) > 1
    paused = driver.tell(heavy, "pause")
    assert paused.metrics == driver.look(heavy).metrics is not None


def test_what_is_asked_of_a_heavy_run_is_answered_aside(
    heavy: str, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    predict = Trainer.predict

    def noted(self: Trainer, program: Program, inputs: np.ndarray) -> np.ndarray:
        threads.append(threading.current_thread().name)
        return predict(self, program, inputs)

    monkeypatch.setattr(Trainer, "predict", noted)
    assert driver.service.predict(heavy, np.zeros((3, 2), np.float32)).result(PATIENCE_SECONDS).shape == (3, 1)
    assert [name.split("_")[0] for name in threads] == ["aside"]


def test_look_that_fails_ends_one_run_alone(heavy: str, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    light, trainer, look = driver.compiled().id, driver.inside(heavy).trainer, Trainer.look

    def failing() -> Observation:
        raise RuntimeError("out of luck")

    def looking(self: Trainer, program: Program, choice: int = 0) -> Callable[[], Observation]:
        return failing if self is trainer else look(self, program, choice)

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "look", looking)
        with pytest.raises(ComputationFailed):
            driver.tell(heavy, "step")
        assert driver.tell(light, "step", unit="batch").step == 1
        assert driver.service.seen(heavy).status == "failed"
    assert driver.tell(heavy, "reset").status == "created"


def test_run_that_is_away_can_be_deleted(heavy: str, gate: Gate, driver: Driver) -> None:
    asked = driver.service.run(heavy)
    edited = driver.begin(heavy, "edit", layer=0, parameter="bias", index=[0], value=1.5)
    assert gate.reached.wait(WAIT_SECONDS)
    threading.Timer(0.1, gate.open).start()
    driver.service.delete(heavy)
    assert {asked.result(PATIENCE_SECONDS).step, edited.result(PATIENCE_SECONDS).step} == {0}
    assert heavy not in driver.service.scheduler.runs


def test_server_ends_although_a_run_is_away(
    tmp_path: Path, service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, reached = Trainer.look, threading.Event()

    def slow(self: Trainer, program: Program, choice: int = 0) -> Callable[[], Observation]:
        looking = look(self, program, choice)

        def waiting() -> Observation:
            reached.set()
            threading.Event().wait(0.3)
            return looking()

        return waiting

    with service_of(tmp_path) as driver:
        run = driver.compiled(TWO_LAYERS).id
        monkeypatch.setattr(runs, "HEAVY", -1)
        monkeypatch.setattr(Trainer, "look", slow)
        edited = driver.begin(run, "edit", layer=0, parameter="bias", index=[0], value=1.5)
        assert reached.wait(WAIT_SECONDS)
    assert edited.result(PATIENCE_SECONDS).revision == 1
    monkeypatch.undo()
    with service_of(tmp_path) as driver:
        assert driver.service.parameters(run).result(PATIENCE_SECONDS)["layers.0.bias"][0] == 1.5
