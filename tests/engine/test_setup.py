"""What a change of the Experiment means: the architecture's table, row by row."""

from typing import Any

import numpy as np
import pytest

from app.data.table import Table
from app.engine.setup import NoUploads, build_setup, starts_anew
from app.errors import InvalidInput, NotFound
from app.schemas.experiment import read_experiment
from app.schemas.training import OPTIMIZERS
from tests.engine.cases import experiment, kinds, layers, patched, setup, setup_of

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

CONV, NORM, FLATTEN = {"kind": "conv2d", "filters": 2}, {"kind": "batch_norm"}, {"kind": "flatten"}
DENSE, DROPOUT = {"kind": "dense", "units": 4}, {"kind": "dropout"}


def of_layers(*given: dict[str, Any], **training: object) -> dict[str, Any]:
    """An Experiment with pictures, or a patch of one."""
    return {"network": {"layers": [*given]}, "training": training}


PICTURES = {"family": "cnn", "data": {"kind": "shapes", "samples": 60, "side": 16}, **of_layers(CONV, FLATTEN, DENSE)}
NORMED = PICTURES | of_layers(CONV, NORM, FLATTEN, batch_size=32)
DROPPING = PICTURES | of_layers(CONV, FLATTEN, DROPOUT)

PICTURES_LIVE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (PICTURES, {}),
    *((PICTURES, {"training": {"optimizer": {"kind": kind}}}) for kind in kinds(OPTIMIZERS)),
    (PICTURES, {"training": {"optimizer": {"learning_rate": 1}}}),
    (PICTURES, {"training": {"batch_size": 7, "shuffle": False}}),
    (PICTURES, {"training": {"balance_classes": True}}),
    (PICTURES, {"training": {"regularization": {"l2": 0.1}}}),
    (PICTURES, {"training": {"clipping": {"kind": "norm"}, "schedule": {"kind": "step"}}}),
    (PICTURES, {"training": {"loss": "half_squared_error"}}),
    (PICTURES, {"data": {"seed": 0}}),
    (DROPPING, of_layers(CONV, FLATTEN, {**DROPOUT, "rate": 0.1})),
    (NORMED, of_layers(CONV, {**NORM, "momentum": 0.5}, FLATTEN)),
    (NORMED, {"training": {"batch_size": 20}}),  # no more than 32, more than 16
]
PICTURES_ANEW: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (PICTURES, {"data": {"kind": "digits"}}),
    (PICTURES, {"data": {"noise": 1}}),
    (PICTURES, {"data": {"samples": 50}}),
    (PICTURES, {"data": {"train_fraction": 0.6}}),
    (PICTURES, {"data": {"validation_fraction": 0.1}}),
    (PICTURES, {"data": {"augmentation": {"copies": 1}}}),
    (PICTURES, {"data": {"classes": 3}}),
    (PICTURES, {"data": {"side": 18}}),
    (PICTURES, {"data": {"task": "detection"}}),
    (PICTURES, {"data": {"seed": 1}}),
    (PICTURES, {"seed": 1}),
    (PICTURES, {"network": {"init": {"kind": "xavier"}}}),
    (PICTURES, of_layers(CONV, FLATTEN)),
    (PICTURES, of_layers({**CONV, "filters": 3}, FLATTEN, DENSE)),
    (PICTURES, of_layers({**CONV, "stride": 2}, FLATTEN, DENSE)),
    (PICTURES, of_layers({"kind": "max_pool"}, FLATTEN, DENSE)),
    (PICTURES, of_layers(FLATTEN, DENSE, DROPOUT)),
    (DROPPING, of_layers(CONV, DROPOUT, FLATTEN)),
    (NORMED, {"training": {"batch_size": 16}}),
    (PICTURES, {"family": "mlp"}),
    (BASE, {"family": "cnn"}),
]


@pytest.mark.parametrize(
    ("base", "patch", "anew"),
    [
        *((BASE, patch, False) for patch in LIVE),
        *((BASE, patch, True) for patch in ANEW),
        *((base, patch, False) for base, patch in PICTURES_LIVE),
        *((base, patch, True) for base, patch in PICTURES_ANEW),
    ],
)
def test_what_draws_parameters_anew(base: dict[str, Any], patch: dict[str, Any], *, anew: bool) -> None:
    old = setup_of(base)
    new = patched(read_experiment(base), patch, old)
    assert starts_anew(old, new) is anew


@pytest.mark.parametrize(
    ("base", "patch"), [*((BASE, patch) for patch in [*LIVE, *ANEW]), *PICTURES_LIVE, *PICTURES_ANEW]
)
def test_what_is_kept_of_the_old_data_is_what_would_be_made_anew(base: dict[str, Any], patch: dict[str, Any]) -> None:
    kept, fresh = (patched(read_experiment(base), patch, old) for old in (setup_of(base), None))
    assert kept.experiment == fresh.experiment
    assert kept.prepared.counts == fresh.prepared.counts
    for name in ("labels", "inputs", "targets"):
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
