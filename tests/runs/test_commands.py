"""The state machine: what commands do to a run, and when they answer."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from app.engine.program import Program
from app.errors import InvalidInput
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver

BATCHES = 25
"""Updates in an epoch of the default data."""


@pytest.fixture
def run(driver: Driver) -> str:
    """A run that has been compiled."""
    return driver.compiled().id


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Compiling waits for it."""
    opened = threading.Event()
    compile_advance = Program.compile_advance

    def wait(program: Program) -> None:
        assert opened.wait(PATIENCE_SECONDS)
        compile_advance(program)

    monkeypatch.setattr(Program, "compile_advance", wait)
    yield opened
    opened.set()


def test_run_is_created_compiled_played_and_paused(service_of: ServiceOf, gate: threading.Event) -> None:
    with service_of() as driver:
        run = driver.create()
        assert run.status == "compiling"
        assert "Compiling a network without hidden layers" in run.message
        assert driver.tell(run.id, "play").status == "compiling"
        gate.set()
        driver.until(run.id, lambda run: run.status == "running" and run.step > 0)
        paused = driver.tell(run.id, "pause")
        assert paused.status == "paused"
        time.sleep(0.1)
        assert driver.look(run.id).step == paused.step


def test_compiled_run_is_created_until_it_plays(driver: Driver) -> None:
    run = driver.compiled()
    assert (run.status, run.step, run.epoch, run.revision) == ("created", 0, 0, 0)
    assert run.metrics is not None
    assert run.metrics["train"] is not None
    assert run.metrics["train"]["loss"] is not None
    assert run.metrics["validation"] is None


def test_run_may_play_from_the_start(driver: Driver) -> None:
    run = driver.create(play=True)
    driver.until(run.id, lambda run: run.epoch > 10)


@pytest.mark.parametrize(("until", "step"), [({"epoch": 40}, 40 * BATCHES), ({"step": 777}, 777)])
def test_play_ends_exactly_where_it_was_told_to_and_can_go_on(
    driver: Driver, run: str, until: dict[str, int], step: int
) -> None:
    document = driver.play_until(run, **until)
    assert (document.status, document.step, document.epoch) == ("paused", step, step // BATCHES)
    driver.tell(run, "play")
    driver.until(run, lambda run: run.step > step and run.status == "running")


def test_until_is_absolute(driver: Driver, run: str) -> None:
    driver.play_until(run, epoch=10)
    document = driver.play_until(run, epoch=10)
    assert (document.status, document.epoch) == ("paused", 10)
    assert driver.play_until(run, epoch=12).epoch == 12
    assert driver.play_until(run, step=5).epoch == 12


def test_play_again_replaces_the_goal(driver: Driver, run: str) -> None:
    driver.tell(run, "speed", epochs_per_second=1)
    driver.tell(run, "play", until={"epoch": 1_000_000})
    driver.tell(run, "play", until={"epoch": 2})
    driver.tell(run, "speed", epochs_per_second=None)
    assert driver.until(run, lambda run: run.status == "paused").epoch == 2


@pytest.mark.parametrize(
    ("unit", "count", "step", "epoch"),
    [("sample", 13, 13, 0), ("batch", 30, 30, 1), ("epoch", 3, 3 * BATCHES, 3)],
)
def test_step_answers_when_exactly_so_much_is_done(
    driver: Driver, run: str, unit: str, count: int, step: int, epoch: int
) -> None:
    document = driver.tell(run, "step", unit=unit, count=count)
    assert (document.status, document.step, document.epoch) == ("paused", step, epoch)


def test_step_of_an_epoch_finishes_the_one_that_was_begun(driver: Driver, run: str) -> None:
    driver.tell(run, "step", unit="batch", count=7)
    document = driver.tell(run, "step", unit="epoch")
    assert (document.step, document.epoch) == (BATCHES, 1)


def test_samples_and_batches_share_a_pass(driver: Driver, run: str) -> None:
    driver.tell(run, "step", unit="sample", count=10)  # as many as one batch of ten
    document = driver.tell(run, "step", unit="epoch")
    assert (document.step, document.epoch) == (10 + BATCHES - 1, 1)


def test_step_pauses_a_run_that_plays(driver: Driver, run: str) -> None:
    driver.tell(run, "play")
    driver.until(run, lambda run: run.step > 0)
    document = driver.tell(run, "step", unit="batch", count=1)
    assert document.status == "paused"
    assert driver.look(run).step == document.step


def test_step_knows_no_speed(driver: Driver, run: str) -> None:
    driver.tell(run, "speed", epochs_per_second=0.01)
    assert driver.tell(run, "step", unit="epoch", count=5).epoch == 5


@pytest.mark.parametrize("command", [{"kind": "pause"}, {"kind": "reset"}, {"kind": "play"}, {"kind": "step"}])
def test_step_that_is_interrupted_answers(driver: Driver, run: str, command: dict[str, str]) -> None:
    stepping = driver.begin(run, "step", unit="epoch", count=100_000)
    driver.until(run, lambda run: run.step > 0)
    driver.tell(run, **command)
    assert stepping.result(PATIENCE_SECONDS).epoch < 100_000


def test_step_of_a_run_that_starts_anew_ends(driver: Driver, run: str) -> None:
    stepping = driver.begin(run, "step", unit="epoch", count=100_000)
    driver.until(run, lambda run: run.step > 0)
    assert driver.patch(run, {"seed": 5}).step == 0
    assert stepping.result(PATIENCE_SECONDS).step > 0
    assert driver.look(run).status == "created"


def test_step_of_a_deleted_run_answers(driver: Driver, run: str) -> None:
    stepping = driver.begin(run, "step", unit="epoch", count=100_000)
    driver.service.delete(run)
    assert stepping.result(PATIENCE_SECONDS).epoch < 100_000


def test_reset_brings_back_the_first_weights_and_pauses(driver: Driver, run: str) -> None:
    before, first = driver.look(run), driver.parameters(run)
    driver.tell(run, "play")
    driver.until(run, lambda run: run.step > 0)
    document = driver.tell(run, "reset")
    assert (document.status, document.step, document.epoch) == ("created", 0, 0)
    assert document.revision == document.origin == before.revision + 1
    assert document.metrics == before.metrics
    assert driver.parameters(run) == first
    assert [row[0] for row in driver.service.history(run).rows] == [0]


def test_run_plays_at_its_speed(driver: Driver) -> None:
    run = driver.compiled(speed=30.0).id
    driver.tell(run, "play")
    time.sleep(1)
    document = driver.tell(run, "pause")
    assert document.speed == 30
    assert document.step / BATCHES == pytest.approx(30, rel=0.2)


def test_slow_run_with_one_batch_an_epoch_keeps_its_speed(driver: Driver) -> None:
    run = driver.compiled({**SMALLEST, "training": {"batch_size": 1_000}}, speed=8.0).id
    driver.tell(run, "play")
    time.sleep(1)
    assert driver.tell(run, "pause").step == pytest.approx(8, abs=2)


def test_speed_changes_while_playing(driver: Driver, run: str) -> None:
    driver.tell(run, "speed", epochs_per_second=5)
    driver.tell(run, "play")
    time.sleep(0.3)
    slow = driver.tell(run, "speed", epochs_per_second=None)
    assert slow.epoch <= 4
    driver.until(run, lambda run: run.epoch > 500)


@pytest.mark.parametrize(
    ("edit", "name", "index"),
    [
        ({"parameter": "weight", "index": [1, 0]}, "layers.0.weight", (1, 0)),
        ({"parameter": "bias", "index": [0]}, "layers.0.bias", (0,)),
    ],
)
def test_edit_sets_one_number(
    driver: Driver, run: str, edit: dict[str, object], name: str, index: tuple[int, ...]
) -> None:
    before = driver.service.parameters(run).result()
    document = driver.tell(run, "edit", layer=0, value=0.75, **edit)
    after = driver.service.parameters(run).result()
    assert document.revision == 1
    before[name][index] = 0.75
    assert all(np.array_equal(after[key], before[key]) for key in before)


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        ({"layer": 3, "parameter": "bias", "index": [0]}, "layer"),
        ({"layer": 0, "parameter": "weight", "index": [2, 0]}, "index"),
        ({"layer": 0, "parameter": "bias", "index": [1]}, "index"),
    ],
)
def test_edit_of_what_is_not_there_names_the_field(
    driver: Driver, run: str, edit: dict[str, object], path: str
) -> None:
    first = driver.parameters(run)
    with pytest.raises(InvalidInput) as caught:
        driver.tell(run, "edit", value=1.0, **edit)
    assert [error.path for error in caught.value.errors] == [path]
    assert driver.look(run).revision == 0
    assert driver.parameters(run) == first


def test_curve_begins_with_what_is_trained(driver: Driver, run: str) -> None:
    document = driver.tell(run, "edit", layer=0, parameter="bias", index=[0], value=3.0)
    assert document.origin == document.revision
    assert document.metrics is not None
    assert document.metrics["train"] is not None
    history = driver.service.history(run)
    loss = history.rows[0][history.columns.index("train_loss")]
    assert loss == pytest.approx(document.metrics["train"]["loss"], rel=1e-6)
    driver.tell(run, "step")
    assert driver.tell(run, "edit", layer=0, parameter="bias", index=[0], value=0.0).origin == document.origin


def test_runs_are_listed_touched_last_first(driver: Driver) -> None:
    made = [driver.compiled().id for _ in range(3)]
    for run in made:
        driver.tell(run, "step")
    assert [run.id for run in driver.listed()] == made[::-1]
