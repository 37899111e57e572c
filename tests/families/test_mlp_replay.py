"""Training as the independent float64 reference does it: from parameters and data at step 0, step by step.

The figures are what a user would get who downloads both and repeats the training; the errors are relative, in norm.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.schemas.network import ACTIVATIONS, INITIALIZERS
from app.schemas.resolve import Problem, losses_for
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES
from tests.engine.cases import kinds, layers, program, trainer
from tests.nn.reference_training import relative_error, replay

SEEDS = range(11)
STEPS, LONG = 20, 100
TOLERANCE, LONG_TOLERANCE = 1e-5, 1e-4

Training = Mapping[str, Any]

OPTIMIZER_KINDS = kinds(OPTIMIZERS)
EXTRAS: tuple[Training, ...] = (
    {"regularization": {"l1": 0.01}},
    {"regularization": {"l2": 0.1}},
    {"regularization": {"l1": 0.003, "l2": 0.03}, "clipping": {"kind": "norm", "threshold": 0.1}},
    {"clipping": {"kind": "norm", "threshold": 0.05}},
    {"clipping": {"kind": "value", "threshold": 0.02}},
    {"schedule": {"kind": "constant"}},
    {"schedule": {"kind": "step", "gamma": 0.5, "every": 3}},
    {"schedule": {"kind": "exponential", "gamma": 0.9}},
    {"schedule": {"kind": "cosine", "epochs": 15, "floor": 0.1}},
    {"schedule": {"kind": "warm_up", "epochs": 10}},
)


def median_error(steps: int, training: Training, **document: object) -> float:
    """Over SEEDS, of full-batch training."""
    errors: list[float] = []
    for seed in SEEDS:
        made = trainer(seed=seed, training={"batch_size": 1_000_000, **training}, **document)
        start, prepared = made.tensors(), made.setup.prepared
        rows = slice(prepared.counts[0])
        made.advance(program(made.setup), steps)
        assert made.epoch == made.step == steps
        expected = replay(made.setup.experiment, start, prepared.inputs[rows], prepared.targets[rows], steps)
        errors.append(relative_error(expected, made.tensors()))
    return float(np.median(errors))


@pytest.mark.parametrize("kind", OPTIMIZER_KINDS)
def test_each_optimiser_is_the_references(kind: str) -> None:
    assert median_error(STEPS, {"optimizer": {"kind": kind}}) < TOLERANCE


@pytest.mark.parametrize("loss", losses_for(Problem("classification", 2)))
def test_each_loss_is_the_references(loss: str) -> None:
    hidden = {"layers": layers(10)} if loss == "categorical_cross_entropy" else {}  # a program that other tests use
    assert median_error(STEPS, {"loss": loss}, network=hidden) < TOLERANCE


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation_is_the_references(activation: str) -> None:
    assert median_error(STEPS, {}, network={"layers": layers(4, 3, activation=activation)}) < TOLERANCE


@pytest.mark.parametrize("init", kinds(INITIALIZERS))
def test_each_initialiser_starts_what_the_reference_continues(init: str) -> None:
    assert median_error(STEPS, {}, network={"init": {"kind": init, "bias": 0.2}}) < TOLERANCE


@pytest.mark.parametrize("training", EXTRAS, ids=str)
def test_penalties_clipping_and_schedules_are_the_references(training: Training) -> None:
    assert median_error(STEPS, training) < TOLERANCE


def test_everything_at_once_is_the_reference() -> None:
    training = {
        "loss": "huber",
        "optimizer": {"kind": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
        "regularization": {"l1": 0.001, "l2": 0.01},
        "clipping": {"kind": "norm", "threshold": 0.2},
        "schedule": {"kind": "cosine", "epochs": 15, "floor": 0.1},
    }
    network = {"layers": [*layers(8, activation="gelu"), *layers(5, activation="selu")], "init": {"kind": "he"}}
    data = {"kind": "spiral", "features": ["x1", "x2", "x1*x2", "sin(x1)", "radius"], "scaling": "standard"}
    assert median_error(STEPS, training, network=network, data=data) < TOLERANCE


@pytest.mark.parametrize("kind", ["sgd", "momentum", "adam"])
def test_a_hundred_steps_stay_with_the_reference(kind: str) -> None:
    assert median_error(LONG, {"optimizer": {"kind": kind}}) < LONG_TOLERANCE


def test_every_kind_of_extra_is_judged() -> None:
    for field, models in {"schedule": SCHEDULES, "clipping": CLIPPINGS[1:]}.items():
        judged = {extra[field]["kind"] for extra in EXTRAS if field in extra}
        assert judged == set(kinds(models))
