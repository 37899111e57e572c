"""What a change of the Experiment does to a run (architecture: the table of changes)."""

from typing import Any

import pytest

from app.engine.program import Program
from app.errors import InvalidInput, MalformedInput
from tests.runs.conftest import ServiceOf
from tests.runs.driver import SMALLEST, Driver

ONE_LAYER = {"network": {"layers": [{"units": 4}]}}

LIVE = {
    "learning rate": {"training": {"optimizer": {"learning_rate": 0.1}}},
    "optimiser": {"training": {"optimizer": {"kind": "adam"}}},
    "batch size": {"training": {"batch_size": 25}},
    "penalty": {"training": {"regularization": {"l1": 0.001, "l2": 0.01}}},
    "loss of the same outputs": {"training": {"loss": "huber"}},
    "loss of another encoding": {"training": {"loss": "binary_cross_entropy"}},
    "clipping": {"training": {"clipping": {"kind": "norm", "threshold": 1.0}}},
    "schedule": {"training": {"schedule": {"kind": "cosine", "epochs": 100}}},
    "shuffling": {"training": {"shuffle": False}},
    "activation": {"network": {"layers": [{"units": 4, "activation": "relu"}]}},
    "dropout": {"network": {"layers": [{"units": 4, "dropout": 0.2}]}},
    "nothing": {},
}
ANEW = {
    "dataset": {"data": {"kind": "spiral"}},
    "noise": {"data": {"noise": 30}},
    "features": {"data": {"features": ["x1", "x2", "x1*x2"]}},
    "split": {"data": {"train_fraction": 0.7}},
    "scaling": {"data": {"scaling": "standard"}},
    "data seed": {"data": {"seed": 3}},
    "seed": {"seed": 3},
    "initialiser": {"network": {"init": {"kind": "zeros"}}},
    "neurons of the same bucket": {"network": {"layers": [{"units": 7}]}},
}
BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "out of range": ({"training": {"batch_size": 0}}, ["training.batch_size"]),
    "unknown field": ({"training": {"momentum": 1}}, ["training.momentum"]),
    "wrong type": ({"seed": "one"}, ["seed"]),
    "misfit": ({"training": {"loss": "categorical_cross_entropy"}, "data": {"kind": "plane"}}, ["training.loss"]),
    "two at once": (
        {"training": {"batch_size": -1, "optimizer": {"learning_rate": -1}}},
        ["training.batch_size", "training.optimizer.learning_rate"],
    ),
}


@pytest.fixture
def run(driver: Driver) -> str:
    """A run that has trained for five epochs."""
    run = driver.compiled(ONE_LAYER).id
    driver.tell(run, "step", unit="epoch", count=5)
    return run


@pytest.mark.parametrize("change", LIVE)
def test_live_change_keeps_what_was_learnt(driver: Driver, run: str, change: str) -> None:
    learnt = driver.parameters(run)
    document = driver.patch(run, LIVE[change])
    assert (document.applied, document.status, document.revision, document.origin) == ("live", "paused", 1, 0)
    assert (document.step, document.epoch) == (125, 5)
    assert driver.parameters(run) == learnt
    assert driver.tell(run, "step").epoch == 6
    assert [row[1:3] for row in driver.service.history(run).rows][-2:] == [(5, 0), (6, 1)]


@pytest.mark.parametrize("change", ANEW)
def test_change_of_what_is_learnt_or_drawn_starts_anew(driver: Driver, run: str, change: str) -> None:
    document = driver.patch(run, ANEW[change])
    assert (document.applied, document.status) == ("reinitialised", "created")
    assert (document.step, document.epoch, document.revision, document.origin) == (0, 0, 1, 1)
    fresh = driver.compiled({**ONE_LAYER, **document.experiment.given()})
    assert driver.parameters(run) == driver.parameters(fresh.id)
    assert document.metrics == fresh.metrics
    assert [row[:3] for row in driver.service.history(run).rows] == [(0, 0, 1)]


def test_change_to_a_new_bucket_waits_for_a_compile_and_plays_on(service_of: ServiceOf) -> None:
    with service_of() as driver:
        run = driver.compiled().id
        driver.tell(run, "play")
        document = driver.patch(run, ONE_LAYER)
        assert (document.applied, document.status, document.step) == ("recompiled", "compiling", 0)
        assert document.metrics is None
        driver.until(run, lambda run: run.status == "running" and run.epoch > 10)
        assert driver.patch(run, dict(SMALLEST)).applied == "reinitialised"  # compiled before


@pytest.mark.parametrize("change", [LIVE["activation"], ANEW["noise"], ANEW["neurons of the same bucket"]])
def test_playing_run_plays_on(driver: Driver, run: str, change: dict[str, Any]) -> None:
    driver.tell(run, "play")
    document = driver.patch(run, change)
    assert document.status == "running"
    driver.until(run, lambda run: run.revision == 1 and run.epoch > document.epoch + 10)


def test_run_plays_on_to_its_goal(driver: Driver, run: str) -> None:
    driver.tell(run, "speed", epochs_per_second=5)
    driver.tell(run, "play", until={"epoch": 30})
    assert driver.patch(run, ANEW["seed"]).epoch == 0
    driver.tell(run, "speed", epochs_per_second=None)
    assert driver.until(run, lambda run: run.status == "paused").epoch == 30


@pytest.mark.parametrize("change", BAD)
def test_bad_change_names_its_fields_and_leaves_everything_as_it_was(driver: Driver, run: str, change: str) -> None:
    before, learnt = driver.look(run), driver.parameters(run)
    patch, paths = BAD[change]
    with pytest.raises(InvalidInput) as caught:
        driver.patch(run, patch)
    assert [error.path for error in caught.value.errors] == paths
    assert driver.look(run) == before
    assert driver.parameters(run) == learnt


def test_bad_change_does_not_stop_a_run_that_plays(driver: Driver, run: str) -> None:
    driver.tell(run, "play")
    with pytest.raises(MalformedInput):
        driver.service.patch(run, [1]).result()  # pyright: ignore[reportArgumentType]
    epoch = driver.look(run).epoch
    assert driver.until(run, lambda run: run.epoch > epoch).status == "running"


def test_changes_are_applied_in_the_order_in_which_they_came(driver: Driver, run: str) -> None:
    rates = [0.001 * number for number in range(1, 21)]
    futures = [driver.service.patch(run, {"training": {"optimizer": {"learning_rate": rate}}}) for rate in rates]
    patched = [future.result() for future in futures]
    assert [document.revision for document in patched] == list(range(1, 21))
    assert [document.experiment.training.optimizer.learning_rate for document in patched] == rates


def test_change_within_a_bucket_compiles_nothing(driver: Driver, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Program) -> None:
        raise AssertionError("compiled")

    monkeypatch.setattr(Program, "compile_advance", refuse)
    monkeypatch.setattr(Program, "compile_observe", refuse)
    before = driver.service.compiler.compilations
    for change in (*LIVE.values(), *ANEW.values(), *LIVE.values()):
        driver.patch(run, change)
        driver.tell(run, "step", unit="batch")
    assert driver.service.compiler.compilations == before
    assert driver.look(run).status == "paused"


def test_data_and_predictions_are_those_of_the_changed_run(driver: Driver) -> None:
    run = driver.compiled(SMALLEST).id
    driver.patch(run, {"data": {"samples": 100}})
    assert driver.service.data(run).inputs.shape == (100, 2)
