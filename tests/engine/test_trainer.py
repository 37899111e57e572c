import os
from typing import Any

import numpy as np
import pytest

import app
from app.engine.program import Program
from app.engine.trainer import Trainer, finite
from app.errors import Conflict, InvalidInput
from app.families.base import of_plane
from app.families.registry import family_of
from app.schemas.command import Edit
from tests.engine.cases import experiment, layers, patched, program, setup, trainer
from tests.nn.reference_training import Learner, network_of, relative_error

FULL: dict[str, Any] = {"batch_size": 1_000_000}


class Pair:
    """A trainer and the reference beside it, from the same parameters."""

    def __init__(self, **training: object) -> None:
        self.document: dict[str, Any] = {"training": {**FULL, **training}}
        self.trainer = trainer(**self.document)
        self.learner = self._learner()

    def _learner(self) -> Learner:
        resolved = self.trainer.setup.experiment
        return Learner(network_of(resolved, self.trainer.tensors()), resolved.training)

    def change(self, patch: dict[str, Any], *, fresh_slots: bool) -> None:
        self.trainer.change(patched(experiment(**self.document), patch, self.trainer.setup), patch)
        layers, rules = self.learner.network.layers, self.learner.rules
        self.learner = self._learner()
        self.learner.network.layers = layers
        if not fresh_slots:
            for old, new in zip(rules, self.learner.rules, strict=True):
                for kept, rule in zip(old, new, strict=True):
                    rule.count, rule.memory = kept.count, kept.memory

    def advance(self, steps: int) -> None:
        prepared = self.trainer.setup.prepared
        inputs, targets = (part[: prepared.counts[0]].astype(float) for part in (prepared.inputs, prepared.targets))
        for _ in range(steps):
            self.learner.update(inputs, targets, self.trainer.epoch)
            self.trainer.advance(program(self.trainer.setup), 1)

    @property
    def error(self) -> float:
        return relative_error(self.learner.network, self.trainer.tensors())


@pytest.mark.parametrize(
    ("old", "new"), [("adam", "momentum"), ("momentum", "adam"), ("sgd", "adagrad"), ("adam", "adamw")]
)
def test_another_kind_of_optimiser_starts_with_fresh_slots(old: str, new: str) -> None:
    pair = Pair(optimizer={"kind": old})
    pair.advance(10)
    pair.change({"training": {"optimizer": {"kind": new}}}, fresh_slots=True)
    assert pair.trainer.step == 10
    pair.advance(10)
    assert pair.error < 1e-5
    assert pair.trainer.step == 20


@pytest.mark.parametrize(
    "patch",
    [
        {"training": {"optimizer": {"learning_rate": 0.001, "beta1": 0.5}}},
        {"training": {"schedule": {"kind": "exponential", "gamma": 0.8}}},
        {"training": {"regularization": {"l1": 0.01, "l2": 0.1}}},
        {"training": {"loss": "binary_cross_entropy"}},
        {"network": {"layers": layers(4, 2, activation="gelu")}},
    ],
    ids=str,
)
def test_any_other_change_takes_effect_at_the_next_step_and_keeps_slots(patch: dict[str, Any]) -> None:
    pair = Pair(optimizer={"kind": "adam"})
    pair.advance(10)
    pair.change(patch, fresh_slots=False)
    pair.advance(10)
    assert pair.error < 1e-5


def test_an_edit_moves_one_number_and_keeps_slots() -> None:
    pair = Pair(optimizer={"kind": "adam"})
    pair.advance(5)
    for layer, index in ((0, (1, 3)), (1, (3, 0)), (2, (1, 0))):
        pair.trainer.edit(Edit(layer=layer, parameter="weight", index=index, value=-1.5))
        pair.learner.network.layers[layer].weight[index] = -1.5
    pair.trainer.edit(Edit(layer=2, parameter="bias", index=(0,), value=3))
    pair.learner.network.layers[2].bias[0] = 3
    assert pair.error < 1e-6
    pair.advance(5)
    assert pair.error < 1e-5
    assert [entry.step for entry in pair.trainer.journal] == [5] * 4


@pytest.mark.parametrize("units", [(), (1,), (4, 2), (8, 8)])
def test_every_weight_and_bias_can_be_edited(units: tuple[int, ...]) -> None:
    made = trainer(network={"layers": layers(*units)})
    value = 10.0
    for name, tensor in made.tensors().items():
        _, layer, parameter = name.split(".")
        for index in np.ndindex(tensor.shape):
            value += 1
            before = made.tensors()
            made.edit(
                Edit(layer=int(layer), parameter="bias" if parameter == "bias" else "weight", index=index, value=value)
            )
            before[name][index] = value
            for other, expected in before.items():
                np.testing.assert_array_equal(made.tensors()[other], expected)


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (Edit(layer=3, parameter="bias", index=(0,), value=0), "layer"),
        (Edit(layer=0, parameter="weight", index=(1,), value=0), "index"),
        (Edit(layer=0, parameter="weight", index=(2, 0), value=0), "index"),
        (Edit(layer=0, parameter="weight", index=(0, 4), value=0), "index"),
        (Edit(layer=2, parameter="bias", index=(1,), value=0), "index"),
    ],
)
def test_an_edit_of_padding_or_of_nothing_is_refused(edit: Edit, path: str) -> None:
    made = trainer()
    before = made.tensors()
    with pytest.raises(InvalidInput) as raised:
        made.edit(edit)
    assert [error.path for error in raised.value.errors] == [path]
    assert made.journal == []
    np.testing.assert_array_equal(made.tensors()["layers.0.weight"], before["layers.0.weight"])


def test_without_a_program_it_can_be_read_but_not_trained() -> None:
    made = setup()
    family = family_of("mlp")
    waiting, bare = Trainer(made), Program(family, made)
    assert waiting.tensors().keys() == {f"layers.{layer}.{part}" for layer in range(3) for part in ("weight", "bias")}
    with pytest.raises(Conflict):
        waiting.advance(bare, 1)
    with pytest.raises(Conflict):
        waiting.predict(bare, np.zeros((1, 2)))


@pytest.mark.parametrize("count", [1, 7, 10_000])
def test_predictions_are_the_references_for_raw_points(count: int) -> None:
    made = trainer(
        data={"kind": "wine", "features": ["x1", "x2", "x1*x2"], "scaling": "standard"}, network={"layers": layers(10)}
    )
    made.advance(program(made.setup), 50)
    points = np.random.default_rng(count).uniform(0, 6, (count, 2))
    found = made.predict(program(made.setup, observes=True), points)
    features = np.stack([points[:, 0], points[:, 1], points[:, 0] * points[:, 1]], axis=1)
    raw = of_plane(made.setup).prepared.points[: made.setup.prepared.counts[0]]
    fitted = np.stack([raw[:, 0], raw[:, 1], raw[:, 0] * raw[:, 1]], axis=1)
    inputs = (features - fitted.mean(axis=0)) / fitted.std(axis=0)
    expected = network_of(made.setup.experiment, made.tensors()).outputs(inputs)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_what_is_not_finite_has_no_value_in_json() -> None:
    assert [finite(value) for value in (1.5, float("nan"), float("inf"), -float("inf"))] == [1.5, None, None, None]


def test_xla_was_told_to_keep_small_loops_in_one_function() -> None:
    assert app.__file__
    assert "xla_cpu_small_while_loop_byte_threshold" in os.environ["XLA_FLAGS"]
