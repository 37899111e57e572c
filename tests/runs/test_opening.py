"""Opening a whole Experiment: a run begins it anew, and can go back."""

import pytest

from app.errors import InvalidInput
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.run import PatchedRun
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver


def opened(driver: Driver, run_id: str, **document: object) -> PatchedRun:
    experiment = parse_value(PlaneExperiment, {**SMALLEST, **document})
    return driver.service.open(run_id, experiment, "“A lesson”").result(PATIENCE_SECONDS)


@pytest.fixture
def run(driver: Driver) -> str:
    """A run that has trained for five epochs."""
    run = driver.compiled().id
    driver.tell(run, "step", unit="epoch", count=5)
    return run


@pytest.mark.parametrize("document", [{}, {"training": {"batch_size": 25}}, {"seed": 3}], ids=str)
def test_it_begins_at_step_0_also_where_a_patch_would_go_on(
    driver: Driver, run: str, document: dict[str, object]
) -> None:
    begun = opened(driver, run, **document)
    assert (begun.id, begun.step, begun.revision, begun.origin) == (run, 0, 1, 1)
    assert (begun.status, begun.applied) == ("created", "reinitialised")
    fresh = driver.compiled({**SMALLEST, **document})
    assert begun.experiment == fresh.experiment
    assert driver.parameters(run) == driver.parameters(fresh.id)


def test_it_is_one_change_that_is_undone_with_all_that_was_learnt(driver: Driver, run: str) -> None:
    before, learnt = driver.look(run), driver.parameters(run)
    assert opened(driver, run, training={"batch_size": 25}).undo == "“A lesson”"
    after = driver.tell(run, "undo")
    assert (after.step, after.experiment) == (before.step, before.experiment)
    assert driver.parameters(run) == learnt
    assert driver.tell(run, "redo").step == 0


def test_a_run_that_plays_plays_on(driver: Driver, run: str) -> None:
    driver.tell(run, "speed", epochs_per_second=20)
    driver.tell(run, "play")
    assert opened(driver, run, seed=3).playing


def test_what_does_not_fit_changes_nothing(driver: Driver, run: str) -> None:
    with pytest.raises(InvalidInput, match="hinge"):
        opened(driver, run, data={"kind": "plane"}, training={"loss": "hinge"})
    now = driver.look(run)
    assert (now.revision, now.epoch) == (0, 5)
