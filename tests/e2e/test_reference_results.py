"""TensorFlow Playground's results on its own settings: medians over 31 seeds keep the limits of correct engines.

The limit is about the upper 5 % of what an independent engine's medians are; the loss is ½(o − t)², averaged.
"""

from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.engine.cases import layers, metrics, program, setup, trainer

SEEDS = range(31)
ALL_INPUTS = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]


class Setting(NamedTuple):
    """What is trained for how many epochs, and the largest median losses."""

    document: dict[str, Any]
    epochs: int
    train: float
    test: float


SETTINGS = {
    "circle": Setting({"data": {"kind": "circle"}}, 100, 0.0150, 0.0195),
    "xor": Setting({"data": {"kind": "xor"}}, 100, 0.030, 0.043),
    "gaussian": Setting({"data": {"kind": "gaussian"}}, 10, 0.0099, 0.0101),
    "spiral": Setting({"data": {"kind": "spiral"}}, 1_000, 0.385, 0.459),
    "spiral with all inputs": Setting(
        {"data": {"kind": "spiral", "features": ALL_INPUTS}, "network": {"layers": layers(8, 8)}}, 500, 0.0085, 0.0513
    ),
    "plane": Setting({"data": {"kind": "plane"}}, 100, 0.0006, 0.0006),
    "multi_gaussian": Setting({"data": {"kind": "multi_gaussian"}}, 1_000, 0.0165, 0.0180),
}


def median_losses(setting: Setting) -> tuple[float, float]:
    """Of the training and the test part."""
    losses: list[tuple[float, float]] = []
    for seed in SEEDS:
        made = trainer(seed=seed, **setting.document)
        made.advance(program(made.setup), made.steps_until(setting.epochs))
        assert made.epoch == setting.epochs
        found = metrics(made)
        losses.append(tuple((found[part] or {})["loss"] or np.inf for part in ("train", "test")))  # pyright: ignore[reportArgumentType]
    train, test = np.median(losses, axis=0)
    return float(train), float(test)


@pytest.mark.parametrize("name", SETTINGS)
def test_medians_keep_the_references_limits(name: str) -> None:
    setting = SETTINGS[name]
    train, test = median_losses(setting)
    assert train <= setting.train
    assert test <= setting.test


def test_the_defaults_are_the_references() -> None:
    resolved = setup().experiment
    assert resolved.training.loss == "half_squared_error"
    assert resolved.training.optimizer.kind == "sgd"
    assert (resolved.training.optimizer.learning_rate, resolved.training.batch_size) == (0.03, 10)
    assert [(layer.units, layer.activation) for layer in resolved.network.layers] == [(4, "tanh"), (2, "tanh")]
    assert resolved.data.features == ("x1", "x2")
    assert (resolved.data.noise, resolved.data.train_fraction) == (0, 0.5)
