"""What every family promises, checked over all families by one table: a new family needs an entry in CASES, no test."""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import numpy as np
import pytest
from safetensors.numpy import load, save

from app.engine.trainer import Trainer
from app.families.registry import FAMILIES, family_of
from app.probes.plane import grid_points
from app.schemas.finding import FINDINGS
from app.schemas.frame import BOUNDARY_SIDE, FRAME_PARTS, THUMBNAIL_SIDE
from app.schemas.run import PARTS
from tests.engine.cases import layers, metrics, observed, program, setup, trainer

Document = Mapping[str, object]


class Case(NamedTuple):
    """An Experiment of a family, and how well it must have learnt after some epochs."""

    document: Document
    epochs: int
    share_of_loss: float
    """What may be left of the training loss."""


CASES: Mapping[str, tuple[Case, ...]] = {
    "mlp": (
        Case({}, 100, 0.2),
        Case({"data": {"kind": "plane", "samples": 400}}, 20, 0.1),
        Case({"data": {"kind": "rings"}, "network": {"layers": layers(10)}}, 60, 0.5),
        Case({"data": {"kind": "gaussian"}, "network": {"layers": []}}, 10, 0.1),
    ),
    "perceptron": (
        Case({"family": "perceptron", "seed": 4, "data": {"kind": "gaussian"}}, 10, 0.1),
        Case({"family": "perceptron", "data": {"kind": "iris"}}, 60, 0.5),
    ),
}
ALL = [pytest.param(case, id=f"{name}-{number}") for name in CASES for number, case in enumerate(CASES[name])]
each_case = pytest.mark.parametrize("case", ALL)


def trained(case: Case, epochs: int) -> Trainer:
    made = trainer(**case.document)
    made.advance(program(made.setup), made.steps_until(epochs))
    return made


def assert_same(found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray]) -> None:
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def test_every_family_has_cases_and_its_own_name() -> None:
    assert CASES.keys() == FAMILIES.keys()
    assert all(family_of(name).name == name for name in FAMILIES)


@each_case
def test_graph_and_tensors_agree_on_shapes_and_counts(case: Case) -> None:
    made = setup(**case.document)
    family = family_of(made.experiment.family)
    graph, tensors = family.graph(made), family.tensors(made, family.init(made))
    assert graph.features == made.experiment.data.features
    inputs = made.prepared.inputs.shape[1]
    for index, layer in enumerate(graph.layers):
        assert layer.inputs == inputs
        assert tensors[f"layers.{index}.weight"].shape == (layer.inputs, layer.units)
        assert tensors[f"layers.{index}.bias"].shape == (layer.units,)
        inputs = layer.units
    assert inputs == made.prepared.targets.shape[1]
    assert len(tensors) == 2 * len(graph.layers)
    assert graph.parameters == sum(tensor.size for tensor in tensors.values())
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


@each_case
def test_a_seed_decides_the_first_parameters(case: Case) -> None:
    family = family_of(setup(**case.document).experiment.family)
    first, again, other = (
        family.tensors(made, family.init(made))
        for made in (setup(**{**case.document, "seed": seed}) for seed in (5, 5, 6))
    )
    assert_same(again, first)
    assert any(not np.array_equal(other[name], first[name]) for name in first)


@each_case
def test_loading_a_networks_own_tensors_changes_nothing_and_padding_is_zero(case: Case) -> None:
    """`load` knows nothing of what the padding held, so it can only give it back if that was 0."""
    made = setup(**case.document)
    family = family_of(made.experiment.family)
    learner = family.init(made)
    loaded = family.load(made, learner, family.tensors(made, learner))
    for found, expected in zip(jax.tree.leaves(loaded), jax.tree.leaves(learner), strict=True):
        np.testing.assert_array_equal(found, expected)


@each_case
def test_stored_tensors_give_the_same_network(case: Case) -> None:
    made = trained(case, 2)
    points = np.random.default_rng(0).uniform(-5, 5, (40, 2))
    expected = made.predict(program(made.setup, observes=True), points)
    family = made.family
    fresh = setup(**{**case.document, "seed": 99})
    stored = load(save(made.tensors()))
    assert_same(family.tensors(fresh, family.load(fresh, family.init(fresh), stored)), made.tensors())
    assert expected.shape == (40, made.setup.prepared.targets.shape[1])
    assert np.isfinite(expected).all()


@each_case
def test_samples_are_the_prepared_ones_and_padding_is_finite(case: Case) -> None:
    made = setup(**case.document)
    family = family_of(made.experiment.family)
    samples, prepared = family.samples(made), made.prepared
    count, features = prepared.inputs.shape
    part = np.asarray(samples.part)
    assert len(part) == len(samples.inputs) == len(samples.targets) == family.signature(made).rows
    assert [int(np.sum(part == index)) for index in range(3)] == list(prepared.counts)
    assert (np.diff(part) >= 0).all()
    np.testing.assert_array_equal(np.asarray(samples.inputs)[:count, :features], prepared.inputs)
    np.testing.assert_array_equal(np.asarray(samples.inputs)[:count], family.features(prepared.inputs))
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(samples))


@each_case
def test_signatures_are_equal_and_hashable_for_equal_experiments(case: Case) -> None:
    family = family_of(setup(**case.document).experiment.family)
    signatures = {family.signature(setup(**{**case.document, "seed": seed})) for seed in (1, 2)}
    assert len(signatures) == 1
    assert all(signature.describe() for signature in signatures)


@each_case
def test_training_learns_and_stays_finite(case: Case) -> None:
    made = trainer(**case.document)
    before = metrics(made)["train"]
    made.advance(program(made.setup), made.steps_until(case.epochs))
    after = metrics(made)["train"]
    assert before is not None
    assert after is not None
    assert list(after) == list(made.family.metric_names(made.setup.problem))
    assert (after["loss"] or 0) < case.share_of_loss * (before["loss"] or 0)
    for tensors in (made.tensors(), made.gradients()):
        assert all(np.isfinite(tensor).all() for tensor in tensors.values())


@each_case
def test_gradients_have_the_names_and_shapes_of_tensors_or_there_are_none(case: Case) -> None:
    made = trainer(**case.document)
    assert not any(gradient.any() for gradient in made.gradients().values())
    made.advance(program(made.setup), 1)
    gradients, tensors = made.gradients(), made.tensors()
    if "gradients" not in made.family.probes:
        assert not gradients
        return
    assert list(gradients) == list(tensors)
    assert all(gradients[name].shape == tensors[name].shape for name in tensors)
    assert all(gradient.any() for gradient in gradients.values())


@each_case
def test_training_again_gives_the_same_bits(case: Case) -> None:
    assert_same(trained(case, 3).tensors(), trained(case, 3).tensors())


@each_case
def test_observing_answers_on_the_grid_as_predict_does(case: Case) -> None:
    made = trained(case, 2)
    seen = observed(made)
    outputs = made.setup.prepared.targets.shape[1]
    assert seen.outputs.shape[1:] == (BOUNDARY_SIDE, BOUNDARY_SIDE)
    assert seen.sums.shape[0] == len(PARTS)
    assert all(maps.shape[1:] == (THUMBNAIL_SIDE, THUMBNAIL_SIDE) for maps in seen.thumbnails)
    predicted = made.predict(program(made.setup, observes=True), grid_points(made.setup, BOUNDARY_SIDE))
    np.testing.assert_array_equal(predicted.T.reshape(outputs, BOUNDARY_SIDE, BOUNDARY_SIDE), seen.outputs[:outputs])


def test_probes_and_findings_are_known_names() -> None:
    for family in FAMILIES.values():
        assert family.probes <= set(FRAME_PARTS)
        assert family.findings <= set(FINDINGS)
        assert family.title


@each_case
def test_a_mistake_is_a_training_sample_that_was_answered_wrongly(case: Case) -> None:
    made = trainer(**case.document)
    assert made.last_mistake() is None
    made.advance(program(made.setup), 20)
    row = made.last_mistake()
    assert row is None or 0 <= row < made.setup.prepared.counts[0]
