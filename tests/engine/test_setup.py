"""What a change of the Experiment means: the architecture's table, row by row."""

from typing import Any

import numpy as np
import pytest

from app.data.table import Table
from app.engine.setup import NoUploads, build_setup, starts_anew
from app.errors import InvalidInput, NotFound
from app.schemas.training import OPTIMIZERS
from tests.engine.cases import experiment, kinds, layers, patched, setup

BASE: dict[str, Any] = {"data": {"kind": "spiral"}, "network": {"layers": layers(4, 2)}}

LIVE: list[dict[str, Any]] = [
    {},
    *({"training": {"optimizer": {"kind": kind}}} for kind in kinds(OPTIMIZERS)),
    {"training": {"optimizer": {"learning_rate": 1}}},
    {"training": {"batch_size": 30, "shuffle": False}},
    {"training": {"regularization": {"l1": 0.1}}},
    {"training": {"clipping": {"kind": "norm"}, "schedule": {"kind": "step"}}},
    {"training": {"loss": "hinge"}},
    {"training": {"loss": "binary_cross_entropy"}},
    {"network": {"layers": layers(4, 2, activation="relu")}},
    {"network": {"layers": layers(4, 2, dropout=0.3)}},
    {"network": {"output_activation": "linear"}},
    {"data": {"samples": 500}},
    {"data": {"seed": 0}},
]
ANEW: list[dict[str, Any]] = [
    {"data": {"kind": "circle"}},
    {"data": {"noise": 1}},
    {"data": {"samples": 400}},
    {"data": {"train_fraction": 0.6}},
    {"data": {"validation_fraction": 0.1}},
    {"data": {"features": ["x2", "x1"]}},
    {"data": {"scaling": "standard"}},
    {"data": {"classes": 3}},
    {"data": {"seed": 1}},
    {"seed": 1},
    {"seed": 1, "data": {"seed": 0}},
    {"network": {"init": {"kind": "he"}}},
    {"network": {"init": {"bias": 0}}},
    {"network": {"layers": layers(4)}},
    {"network": {"layers": layers(4, 2, 2)}},
    {"network": {"layers": layers(4, 3)}},
    {"network": {"layers": layers(2, 4)}},
    {"training": {"loss": "categorical_cross_entropy"}},
]


@pytest.mark.parametrize(("patch", "anew"), [*((patch, False) for patch in LIVE), *((patch, True) for patch in ANEW)])
def test_what_draws_parameters_anew(patch: dict[str, Any], *, anew: bool) -> None:
    old = setup(**BASE)
    new = patched(experiment(**BASE), patch, old)
    assert starts_anew(old, new) is anew


@pytest.mark.parametrize("patch", [*LIVE, *ANEW])
def test_what_is_kept_of_the_old_data_is_what_would_be_made_anew(patch: dict[str, Any]) -> None:
    kept, fresh = (patched(experiment(**BASE), patch, old) for old in (setup(**BASE), None))
    assert kept.experiment == fresh.experiment
    assert kept.prepared.counts == fresh.prepared.counts
    for name in ("points", "labels", "inputs", "targets"):
        np.testing.assert_array_equal(getattr(kept.prepared, name), getattr(fresh.prepared, name), err_msg=name)


def test_data_is_shared_where_nothing_it_depends_on_changed() -> None:
    old = setup(**BASE)
    for patch in ({"training": {"batch_size": 3}}, {"network": {"layers": layers(9)}}, {"data": {"samples": 500}}):
        assert patched(experiment(**BASE), patch, old).prepared is old.prepared
    other_targets = patched(experiment(**BASE), {"training": {"loss": "binary_cross_entropy"}}, old)
    assert other_targets.prepared.dataset is old.prepared.dataset
    assert set(np.unique(other_targets.prepared.targets)) == {0, 1}


def test_the_resolved_experiment_leaves_nothing_open() -> None:
    resolved = setup(seed=9).experiment
    assert resolved.data.seed == 9
    assert resolved.training.loss == "half_squared_error"
    assert resolved.network.output_activation == "tanh"


def test_uploads_are_asked_for_by_their_id() -> None:
    class OneTable(NoUploads):
        def get(self, dataset_id: str) -> Table:
            assert dataset_id == "0" * 16
            return Table(np.arange(20.0).reshape(10, 2), (np.arange(10) % 2).astype(np.float64))

    uploaded = experiment(data={"kind": "points", "dataset": "0" * 16})
    assert build_setup(uploaded, OneTable()).prepared.points.shape == (10, 2)
    with pytest.raises(NotFound):
        build_setup(uploaded, NoUploads())


def test_a_loss_that_does_not_fit_the_data_is_refused() -> None:
    with pytest.raises(InvalidInput) as raised:
        setup(data={"kind": "plane"}, training={"loss": "hinge"})
    assert [error.path for error in raised.value.errors] == ["training.loss"]
