"""What every family promises, checked over all families by one table: a new family needs an entry in CASES, no test."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
import pytest
from safetensors.numpy import load, save

from app.engine.trainer import Trainer
from app.families.base import PictureSetup, PlaneSetup, Setup, of_pictures, of_plane
from app.families.plane import grid_points
from app.families.registry import FAMILIES, family_of
from app.schemas.finding import FINDINGS
from app.schemas.frame import BOUNDARY_SIDE, FRAME_PARTS, THUMBNAIL_SIDE
from app.schemas.run import PARTS
from tests.engine.cases import layers, metrics, observed, program, setup_of, trainer

Document = Mapping[str, Any]


class Case(NamedTuple):
    """An Experiment of a family, and how well it must have learnt after some epochs."""

    document: Document
    epochs: int
    share_of_loss: float
    """What may be left of the training loss."""


DIGITS = {"kind": "digits", "samples": 300, "validation_fraction": 0.1}
CONVOLUTION = [{"kind": "conv2d", "filters": 4}, {"kind": "max_pool"}, {"kind": "flatten"}]
SHAPES = {"kind": "shapes", "samples": 200, "side": 16, "classes": 3, "task": "detection"}
NORMED = [
    {"kind": "conv2d", "filters": 4, "kernel": 4, "stride": 2, "padding": 1, "activation": "tanh"},
    {"kind": "batch_norm"},
    {"kind": "average_pool"},
    {"kind": "flatten"},
    {"kind": "dropout", "rate": 0.1},
    {"kind": "dense", "units": 12},
]
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
    "cnn": (
        Case({"family": "cnn", "data": DIGITS, "network": {"layers": CONVOLUTION}}, 40, 0.5),
        Case({"family": "cnn", "data": SHAPES, "network": {"layers": NORMED}}, 10, 0.5),
    ),
}


def _cases(*names: str) -> pytest.MarkDecorator:
    params = [pytest.param(case, id=f"{name}-{number}") for name in names for number, case in enumerate(CASES[name])]
    return pytest.mark.parametrize("case", params)


each_case = _cases(*CASES)
each_of_a_plane = _cases(*(name for name in CASES if FAMILIES[name].sees == "plane"))
each_of_pictures = _cases(*(name for name in CASES if FAMILIES[name].sees == "pictures"))


def trained(case: Case, epochs: int) -> Trainer:
    made = trainer(**case.document)
    made.advance(program(made.setup), made.steps_until(epochs))
    return made


def raw_inputs(setup: Setup, count: int) -> np.ndarray:
    """Some that its network can be asked about."""
    rng = np.random.default_rng(0)
    if isinstance(setup, PlaneSetup):
        return rng.uniform(-5, 5, (count, 2))
    return rng.uniform(0, 1, (count, *setup.prepared.shape))


def assert_same(found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray]) -> None:
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def test_every_family_has_cases_and_its_own_name() -> None:
    assert CASES.keys() == FAMILIES.keys()
    assert all(family_of(name).name == name for name in FAMILIES)


@each_case
def test_graph_and_tensors_agree_on_shapes_and_counts(case: Case) -> None:
    made = setup_of(case.document)
    family = family_of(made.experiment.family)
    graph, tensors = family.graph(made), family.tensors(made, family.init(made))
    assert graph.features == (made.experiment.data.features if isinstance(made, PlaneSetup) else ())
    inputs, trained = made.prepared.inputs.shape[1], _trained(tensors)
    for index, layer in enumerate(graph.layers):
        own = {name: tensor for name, tensor in trained.items() if name.startswith(f"layers.{index}.")}
        assert layer.inputs == inputs
        assert layer.units == np.prod(layer.shape or layer.units)
        assert layer.parameters == sum(tensor.size for tensor in own.values())
        if layer.kind == "dense":
            assert own.keys() == {f"layers.{index}.weight", f"layers.{index}.bias"}
            assert own[f"layers.{index}.weight"].shape == (layer.inputs, layer.units)
            assert own[f"layers.{index}.bias"].shape == (layer.units,)
        inputs = layer.units
    assert inputs == made.prepared.targets.shape[1]
    assert isinstance(made, PictureSetup) or all(layer.kind == "dense" for layer in graph.layers)
    assert graph.parameters == sum(tensor.size for tensor in trained.values())
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


def _trained(tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters, without the running statistics that are kept beside them."""
    return {name: tensor for name, tensor in tensors.items() if ".running_" not in name}


@each_case
def test_a_seed_decides_the_first_parameters(case: Case) -> None:
    family = family_of(setup_of(case.document).experiment.family)
    first, again, other = (
        family.tensors(made, family.init(made))
        for made in (setup_of({**case.document, "seed": seed}) for seed in (5, 5, 6))
    )
    assert_same(again, first)
    assert any(not np.array_equal(other[name], first[name]) for name in first)


@each_case
def test_loading_a_networks_own_tensors_changes_nothing_and_padding_is_zero(case: Case) -> None:
    """`load` knows nothing of what the padding held, so it can only give it back if that was 0."""
    made = setup_of(case.document)
    family = family_of(made.experiment.family)
    learner = family.init(made)
    loaded = family.load(made, learner, family.tensors(made, learner))
    for found, expected in zip(jax.tree.leaves(loaded), jax.tree.leaves(learner), strict=True):
        np.testing.assert_array_equal(found, expected)


@each_case
def test_stored_tensors_give_the_same_network(case: Case) -> None:
    made = trained(case, 2)
    points = raw_inputs(made.setup, 40)
    expected = made.predict(program(made.setup, observes=True), points)
    family = made.family
    fresh = setup_of({**case.document, "seed": 99})
    stored = load(save(made.tensors()))
    assert_same(family.tensors(fresh, family.load(fresh, family.init(fresh), stored)), made.tensors())
    assert expected.shape == (40, made.setup.prepared.targets.shape[1])
    assert np.isfinite(expected).all()


@each_case
def test_samples_are_the_prepared_ones_and_padding_is_finite(case: Case) -> None:
    made = setup_of(case.document)
    family = family_of(made.experiment.family)
    samples, prepared = family.samples(made), made.prepared
    count, features = prepared.inputs.shape
    part = np.asarray(samples.part)
    assert len(part) == len(samples.inputs) == len(samples.targets) == family.signature(made).rows
    assert [int(np.sum(part == index)) for index in range(3)] == list(prepared.counts)
    assert (np.diff(part) >= 0).all()
    np.testing.assert_array_equal(np.asarray(samples.inputs)[:count, :features], prepared.inputs)
    assert not np.asarray(samples.inputs)[:, features:].any()
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(samples))


@each_case
def test_signatures_are_equal_and_hashable_for_equal_experiments(case: Case) -> None:
    family = family_of(setup_of(case.document).experiment.family)
    signatures = {family.signature(setup_of({**case.document, "seed": seed})) for seed in (1, 2)}
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
    if "gradient_norms" not in made.family.probes:
        assert not gradients
        return
    assert list(gradients) == list(_trained(tensors))
    assert all(gradients[name].shape == tensors[name].shape for name in gradients)
    assert all(gradient.any() for gradient in gradients.values())


@each_case
def test_training_again_gives_the_same_bits(case: Case) -> None:
    assert_same(trained(case, 3).tensors(), trained(case, 3).tensors())


@each_of_a_plane
def test_observing_answers_on_the_grid_as_predict_does(case: Case) -> None:
    made = trained(case, 2)
    seen = observed(made)
    outputs = made.setup.prepared.targets.shape[1]
    assert seen.outputs.shape[1:] == (BOUNDARY_SIDE, BOUNDARY_SIDE)
    assert seen.sums.shape[0] == len(PARTS)
    assert all(maps.shape[1:] == (THUMBNAIL_SIDE, THUMBNAIL_SIDE) for maps in seen.thumbnails)
    predicted = made.predict(program(made.setup, observes=True), grid_points(of_plane(made.setup), BOUNDARY_SIDE))
    np.testing.assert_array_equal(predicted.T.reshape(outputs, BOUNDARY_SIDE, BOUNDARY_SIDE), seen.outputs[:outputs])


@each_of_pictures
def test_observing_answers_for_a_picture_and_for_all_samples_as_predict_does(case: Case) -> None:
    made, row = trained(case, 2), 7
    setup, compiled = of_pictures(made.setup), program(made.setup, observes=True)
    seen = made.observe(compiled, row)
    pictures = setup.prepared.inputs.reshape(-1, *setup.prepared.shape)
    predicted = made.predict(compiled, pictures)
    assert seen.sums.shape[0] == len(PARTS)
    np.testing.assert_allclose(seen.outputs[:, 0], predicted[row], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(seen.answers[:, : len(pictures)].T, predicted, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(made.respond(compiled).outputs, seen.answers[:, : len(pictures)].T)
    hidden = made.family.graph(setup).layers[:-1]
    assert [maps.shape for maps in seen.maps] == [layer.shape or (layer.units,) for layer in hidden]
    assert [len(peaks) for peaks in seen.peaks] == [layer.shape[0] if layer.shape else 0 for layer in hidden]
    assert seen.embedding.shape[0] == hidden[-1].units
    for maps, peaks in zip(seen.maps, seen.peaks, strict=True):
        np.testing.assert_allclose(peaks[:, row], maps.max(axis=(1, 2)) if len(peaks) else [], rtol=1e-5, atol=1e-6)


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
