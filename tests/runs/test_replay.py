"""An Experiment, its journal and a step determine everything a run holds, bit for bit, however it came there."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from app.engine.history import Row
from tests.runs.driver import Driver

STEPS = 1_000
# Whatever draws at random or keeps something between updates; the last batch of each pass is a partial one.
EXPERIMENT: dict[str, Any] = {
    "seed": 11,
    "data": {"kind": "spiral", "noise": 10, "samples": 333},
    "network": {"layers": [{"units": 6, "activation": "relu", "dropout": 0.2}]},
    "training": {"batch_size": 13, "optimizer": {"kind": "adam", "learning_rate": 0.01}},
}


def _at_once(driver: Driver, run: str) -> None:
    driver.play_until(run, step=STEPS)


def _paused_fifty_times(driver: Driver, run: str) -> None:
    for stop in range(STEPS // 50, STEPS + 1, STEPS // 50):
        driver.play_until(run, step=stop)


def _paused_at_any_time(driver: Driver, run: str) -> None:
    for _ in range(50):
        driver.tell(run, "play", until={"step": STEPS})
        time.sleep(0.002)
        driver.tell(run, "pause")
    driver.play_until(run, step=STEPS)


def _batch_by_batch(driver: Driver, run: str) -> None:
    for _ in range(STEPS // 5):
        driver.tell(run, "step", unit="batch")
    for _ in range(STEPS // 5):
        driver.tell(run, "step", unit="batch", count=4)


def _by_epochs_and_batches(driver: Driver, run: str) -> None:
    driver.tell(run, "step", unit="batch", count=5)
    driver.tell(run, "step", unit="epoch", count=50)
    driver.tell(run, "step", unit="batch", count=STEPS - driver.look(run).step)


def _reset_and_run_again(driver: Driver, run: str) -> None:
    driver.play_until(run, step=700)
    driver.tell(run, "reset")
    driver.play_until(run, step=STEPS)


def _changed_and_changed_back(driver: Driver, run: str) -> None:
    driver.play_until(run, step=300)
    driver.patch(run, {"data": {"noise": 0}})
    driver.play_until(run, step=300)
    driver.patch(run, {"data": {"noise": 10}})
    driver.play_until(run, step=STEPS)


WAYS = (
    _paused_fifty_times,
    _paused_at_any_time,
    _batch_by_batch,
    _by_epochs_and_batches,
    _reset_and_run_again,
    _changed_and_changed_back,
)


def _outcome(driver: Driver, go: Callable[[Driver, str], None]) -> tuple[object, ...]:
    run = driver.compiled(EXPERIMENT).id
    go(driver, run)
    document = driver.look(run)
    return driver.parameters(run), document.metrics, document.step, document.epoch, _curve(driver, run)


def _curve(driver: Driver, run: str) -> list[Row]:
    """The history without the revisions, which count resets too."""
    return [(*row[:2], *row[3:]) for row in driver.service.history(run).rows]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_same_experiment_at_the_same_step_is_the_same_bit_for_bit(
    driver: Driver, way: Callable[[Driver, str], None]
) -> None:
    assert _outcome(driver, way) == _outcome(driver, _at_once)


def test_same_journal_gives_the_same_bit_for_bit(driver: Driver) -> None:
    def live(driver: Driver, run: str, *, pauses: bool) -> None:
        driver.play_until(run, step=100)
        driver.patch(run, {"training": {"optimizer": {"kind": "rmsprop"}, "batch_size": 50}})
        if pauses:
            driver.play_until(run, step=111)
        driver.play_until(run, step=123)
        driver.tell(run, "edit", layer=1, parameter="weight", index=[2, 0], value=0.5)
        driver.tell(run, "step", unit="sample", count=7)
        driver.play_until(run, step=400)

    plain = _outcome(driver, lambda driver, run: live(driver, run, pauses=False))
    assert plain == _outcome(driver, lambda driver, run: live(driver, run, pauses=True))
