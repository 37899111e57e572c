"""How a run ends by itself: it diverges, stops early, fails; and what becomes of it then."""

import gc
import itertools
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app.engine.program import Program
from app.errors import ComputationFailed, Conflict, NotFound
from tests.runs.conftest import ServiceOf
from tests.runs.driver import SMALLEST, Driver

STOPPING = {
    **SMALLEST,
    "data": {"validation_fraction": 0.2},
    "training": {"early_stopping": {"patience": 3, "min_delta": 10}},
}
DIVERGING: dict[str, Any] = {
    "network": {"layers": [], "output_activation": "linear"},
    "training": {"optimizer": {"learning_rate": 1000}},
}


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What is garbage only as a cycle stays."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_a_run_that_was_deleted_leaves_the_memory_without_being_looked_for(driver: Driver) -> None:
    run, other = driver.compiled().id, driver.create(play=True).id
    driver.tell(run, "play")
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.01}}})
    driver.tell(run, "pause")
    memory = weakref.ref(driver.inside(run))
    driver.service.delete(run)
    driver.until(other, lambda _: memory() is None)


def test_divergence_keeps_the_last_good_state_and_says_where(driver: Driver) -> None:
    run = driver.compiled(DIVERGING).id
    driver.tell(run, "play")
    document = driver.until(run, lambda run: run.status == "diverged")
    assert document.message.startswith(f"Diverged at step {document.step + 1}: ")
    assert all(np.isfinite(tensor).all() for tensor in driver.service.parameters(run).result().values())
    assert driver.tell(run, "step").status == "diverged"
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.01}}})
    driver.tell(run, "reset")
    assert driver.tell(run, "step").status == "paused"


def test_early_stopping_finishes_and_only_a_change_lets_it_go_on(driver: Driver) -> None:
    run = driver.compiled(STOPPING).id
    driver.tell(run, "play")
    document = driver.until(run, lambda run: run.status == "finished")
    assert document.message.startswith(f"Stopped early at epoch {document.epoch}")
    for command in ("play", "step"):
        with pytest.raises(Conflict):
            driver.tell(run, command)
    assert driver.patch(run, {"training": {"early_stopping": None}}).status == "paused"
    driver.tell(run, "play")
    driver.until(run, lambda run: run.epoch > document.epoch)


def test_run_that_fails_says_so_stops_no_other_and_may_try_again(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = driver.compiled().id
    other = driver.create(play=True).id

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(driver.inside(run).trainer, "advance", fail)
        with pytest.raises(ComputationFailed, match="MemoryError"):
            driver.tell(run, "step")
    document = driver.look(run)
    assert document.status == "failed"
    assert "MemoryError" in document.message
    epoch = driver.look(other).epoch
    driver.until(other, lambda run: run.epoch > epoch and run.status == "running")
    assert driver.tell(run, "step").status == "paused"


def test_network_that_cannot_be_compiled_fails_and_gets_another_chance(
    service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = itertools.count(1)

    def fail(_: Program) -> None:
        raise RuntimeError(f"out of luck {next(attempts)}")

    with service_of() as driver:
        with monkeypatch.context() as patched:
            patched.setattr(Program, "compile_observe", fail)
            run = driver.create(play=True).id
            assert "out of luck 1" in driver.until(run, lambda run: run.status == "failed").message
            with pytest.raises(ComputationFailed, match="out of luck 2"):
                driver.tell(run, "step")
        assert driver.tell(run, "step").epoch == 1


def test_commands_to_unknown_runs_find_nothing(driver: Driver) -> None:
    with pytest.raises(NotFound):
        driver.tell("0123456789ab", "play")
    with pytest.raises(NotFound):
        driver.patch("0123456789ab", {})
    with pytest.raises(NotFound):
        driver.service.delete("0123456789ab")
    with pytest.raises(NotFound):
        driver.service.subscribe(["0123456789ab"], frozenset({"points"}), "")
