"""Every change can be taken back and made again, and what is left is what Experiment and journal say, bit for bit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.errors import Conflict
from app.runs.undo import DEPTH
from app.schemas.experiment import as_plane
from tests.engine.replaying import replay
from tests.runs.driver import TWO_LAYERS, Driver

Look = tuple[dict[str, bytes], object, int, int, object, object]
EDIT: dict[str, Any] = {"layer": 0, "parameter": "weight", "index": [1, 2], "value": 1.5}
ADAM = {"training": {"optimizer": {"kind": "adam"}}}


def look(driver: Driver, run: str) -> Look:
    """All that a run holds, but revisions."""
    document, journal = driver.look(run), driver.service.journal(run).result(10)
    rows = [(*row[:2], *row[3:]) for row in driver.service.history(run).rows]
    return driver.parameters(run), document.metrics, document.step, document.epoch, journal, rows


def replayed(driver: Driver, run: str) -> dict[str, bytes]:
    """The parameters that the run's Experiment and journal lead to, in a trainer that was never told to undo."""
    made = replay(driver.service.journal(run).result(10))
    return {name: np.ascontiguousarray(tensor).tobytes() for name, tensor in made.tensors().items()}


@pytest.fixture
def run(driver: Driver) -> str:
    """A run that has learnt something, and need not wait for a compile when it loses a layer."""
    driver.compiled({"network": {"layers": [{"units": 3}]}})
    run = driver.compiled(TWO_LAYERS).id
    driver.play_until(run, step=60)
    return run


CHANGES: dict[str, Callable[[Driver, str], object]] = {
    "a learning rate": lambda driver, run: driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.3}}}),
    "an optimiser of another kind": lambda driver, run: driver.patch(run, ADAM),
    "an activation": lambda driver, run: driver.patch(
        run, {"network": {"layers": [{"units": 4, "activation": "relu"}, {"units": 2}]}}
    ),
    "an edited weight": lambda driver, run: driver.tell(run, "edit", **EDIT),
    "reset": lambda driver, run: driver.tell(run, "reset"),
    "other data": lambda driver, run: driver.patch(run, {"data": {"kind": "spiral", "noise": 5}}),
    "one layer less": lambda driver, run: driver.patch(run, {"network": {"layers": [{"units": 3}]}}),
    "new weights": lambda driver, run: driver.patch(run, {"seed": 77}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_undo_brings_back_everything_and_redo_makes_the_change_again(
    driver: Driver, run: str, change: Callable[[Driver, str], object]
) -> None:
    before = look(driver, run)
    change(driver, run)
    changed = look(driver, run)
    assert changed != before
    driver.tell(run, "undo")
    assert look(driver, run) == before
    driver.tell(run, "redo")
    assert look(driver, run) == changed
    driver.tell(run, "undo")
    assert look(driver, run) == before
    driver.play_until(run, step=130)
    assert driver.parameters(run) == replayed(driver, run)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_training_went_on_what_is_left_is_still_what_the_journal_says(
    driver: Driver, run: str, change: Callable[[Driver, str], object]
) -> None:
    before = driver.look(run).experiment
    change(driver, run)
    after = driver.look(run).experiment
    driver.tell(run, "step", unit="batch", count=33)
    driver.tell(run, "undo")
    assert driver.look(run).experiment == before
    driver.tell(run, "step", unit="batch", count=7)
    assert driver.parameters(run) == replayed(driver, run)
    driver.tell(run, "redo")
    assert driver.look(run).experiment == after
    driver.tell(run, "step", unit="sample", count=3)
    assert driver.parameters(run) == replayed(driver, run)


def test_a_live_change_is_taken_back_without_losing_what_was_learnt_since(driver: Driver, run: str) -> None:
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.3}}})
    driver.play_until(run, step=90)
    trained = driver.parameters(run)
    driver.tell(run, "undo")
    assert driver.parameters(run) == trained
    assert (driver.look(run).step, driver.look(run).resolved.training.optimizer.learning_rate) == (90, 0.03)


def test_what_was_learnt_before_a_neuron_was_removed_returns(driver: Driver, run: str) -> None:
    before = look(driver, run)
    driver.patch(run, {"network": {"layers": [{"units": 3}, {"units": 2}]}})
    driver.play_until(run, step=500)
    driver.tell(run, "undo")
    assert look(driver, run) == before


def test_a_chain_of_changes_is_undone_and_redone_in_order(driver: Driver, run: str) -> None:
    seen = [look(driver, run)]
    for change in CHANGES.values():
        change(driver, run)
        seen.append(look(driver, run))
    for expected in seen[-2::-1]:
        driver.tell(run, "undo")
        assert look(driver, run) == expected
    for expected in seen[1:]:
        driver.tell(run, "redo")
        assert look(driver, run) == expected


def test_a_playing_run_plays_on(driver: Driver, run: str) -> None:
    driver.patch(run, {"seed": 5})
    driver.tell(run, "play")
    driver.tell(run, "undo")
    assert driver.look(run).status == "running"
    driver.until(run, lambda document: document.step > 60)


def test_what_would_be_undone_is_told_in_words(driver: Driver, run: str) -> None:
    assert (driver.look(run).undo, driver.look(run).redo) == (None, None)
    driver.patch(run, ADAM)
    assert driver.look(run).undo == "optimizer"
    driver.tell(run, "edit", **EDIT)
    assert driver.look(run).undo == "weight of neuron 3 in layer 1"
    driver.patch(run, {"data": {"noise": 10}, "seed": 4})
    assert driver.look(run).undo == "several settings"
    document = driver.tell(run, "undo")
    assert (document.undo, document.redo) == ("weight of neuron 3 in layer 1", "several settings")


def test_a_new_change_ends_what_could_be_made_again(driver: Driver, run: str) -> None:
    driver.patch(run, {"seed": 5})
    driver.tell(run, "undo")
    driver.patch(run, {"seed": 6})
    with pytest.raises(Conflict):
        driver.tell(run, "redo")


def test_nothing_to_undo_is_told(driver: Driver) -> None:
    run = driver.compiled().id
    driver.tell(run, "reset")  # it is where it would go
    with pytest.raises(Conflict):
        driver.tell(run, "undo")


def test_what_a_slider_did_is_undone_at_once(driver: Driver, run: str) -> None:
    for noise in (5, 10, 15):
        driver.service.patch(run, {"data": {"noise": noise}}, together=True).result(10)
    driver.tell(run, "undo")
    assert driver.look(run).resolved.data.noise == 0
    driver.tell(run, "redo")
    assert driver.look(run).resolved.data.noise == 15


def test_what_a_slider_did_while_it_trained_is_undone_without_losing_that(driver: Driver, run: str) -> None:
    def slide(dropout: float) -> None:
        patch: dict[str, Any] = {"network": {"layers": [{"units": 4, "dropout": dropout}, {"units": 2}]}}
        driver.service.patch(run, patch, together=True).result(10)

    slide(0.1)
    driver.play_until(run, step=90)
    slide(0.2)
    trained = driver.parameters(run)
    driver.tell(run, "undo")
    assert as_plane(driver.look(run).resolved).network.layers[0].dropout == 0
    assert driver.parameters(run) == trained
    assert driver.look(run).undo is None


@pytest.mark.parametrize("patch", [{}, {"no field": None}])
def test_a_patch_that_says_nothing_new_is_not_to_be_undone(driver: Driver, run: str, patch: dict[str, Any]) -> None:
    driver.patch(run, ADAM)
    driver.tell(run, "undo")
    driver.patch(run, patch)
    assert (driver.look(run).undo, driver.look(run).redo) == (None, "optimizer")
    assert driver.service.journal(run).result(10).entries == ()


def test_only_so_many_changes_are_kept(driver: Driver, run: str) -> None:
    for seed in range(1, DEPTH + 5):
        driver.patch(run, {"seed": seed})
    for _ in range(DEPTH):
        driver.tell(run, "undo")
    assert driver.look(run).resolved.seed == 4
    with pytest.raises(Conflict):
        driver.tell(run, "undo")


def test_going_back_to_where_it_diverged_says_so(driver: Driver) -> None:
    run = driver.compiled({**TWO_LAYERS, "data": {"kind": "plane"}}).id
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 1000}}})
    driver.tell(run, "play")
    diverged = driver.until(run, lambda document: document.status == "diverged")
    driver.tell(run, "reset")
    assert driver.look(run).status == "created"
    driver.tell(run, "undo")
    assert driver.look(run).status == "diverged"
    assert driver.look(run).message == diverged.message
