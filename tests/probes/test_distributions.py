"""Histograms and norms say how the numbers of each layer are distributed, and count everything once."""

import numpy as np
import pytest

from app.families.base import of_plane
from app.probes.distributions import activation_histograms_part, histogram, norms_part, tensor_histograms_part
from app.schemas.frame import HISTOGRAM_BINS
from tests.engine.cases import layers, program, trainer
from tests.nn.reference_training import network_of

RNG = np.random.default_rng(5)


def test_every_finite_number_is_counted_once_in_bins_over_the_range() -> None:
    values = np.append(RNG.normal(0, 2, 1000), [np.nan, np.inf])
    made = histogram(values)
    expected, edges = np.histogram(values[:1000], HISTOGRAM_BINS)
    assert made["counts"] == expected.tolist()
    assert (made["low"], made["high"]) == (edges[0], edges[-1])


@pytest.mark.parametrize("value", [0.0, 3.5, -1e-30, 1e20])
def test_numbers_that_are_all_the_same_have_bins_around_them(value: float) -> None:
    made = histogram(np.full((3, 2), value))
    assert made["low"] < value < made["high"]
    assert sum(made["counts"]) == 6


@pytest.mark.parametrize("values", [np.array([]), np.array([np.nan])])
def test_nothing_to_count_is_no_error(values: np.ndarray) -> None:
    assert sum(histogram(values)["counts"]) == 0


def test_weights_and_gradients_are_told_by_layer() -> None:
    made = trainer(network={"layers": layers(3, 2)})
    made.advance(program(made.setup), 5)
    tensors, gradients = made.tensors(), made.gradients()
    sizes = [sum(layer["counts"]) for layer in tensor_histograms_part(tensors)["layers"]]
    assert sizes == [2 * 3, 3 * 2, 2 * 1]
    norms = [
        np.linalg.norm(np.append(gradients[f"layers.{layer}.weight"], gradients[f"layers.{layer}.bias"]))
        for layer in range(3)
    ]
    assert norms_part(gradients)["layers"] == pytest.approx(norms)


def test_signals_are_those_of_the_reference_for_the_training_samples() -> None:
    made = trainer(
        network={"layers": [*layers(3, activation="relu"), *layers(5)]}, data={"samples": 300, "train_fraction": 0.3}
    )
    made.advance(program(made.setup), 20)
    seen = made.respond(program(made.setup, observes=True))
    network = network_of(made.setup.experiment, made.tensors())
    inputs = made.setup.prepared.inputs.astype(np.float64)
    np.testing.assert_allclose(seen.outputs, network.outputs(inputs), atol=1e-5)
    for found, expected in zip(seen.hidden, network.hidden(inputs), strict=True):
        np.testing.assert_allclose(found[: expected.shape[1]].T, expected, atol=1e-5)
    first = inputs @ made.tensors()["layers.0.weight"] + made.tensors()["layers.0.bias"]
    np.testing.assert_allclose(seen.pre_activations[0][:3].T, first, atol=1e-5)
    part = activation_histograms_part(of_plane(made.setup), seen.pre_activations, seen.hidden, seen.outputs)
    train = made.setup.prepared.counts[0]
    assert [sum(layer["activation"]["counts"]) for layer in part["layers"]] == [train * 3, train * 5, train]
    assert [sum(layer["pre_activation"]["counts"]) for layer in part["layers"]] == [train * 3, train * 5, train]
    assert part["layers"][0]["activation"]["low"] == 0
    assert part["layers"][0]["pre_activation"]["low"] == pytest.approx(first[:train].min(), abs=1e-5)


def test_of_many_samples_a_share_is_told() -> None:
    made = trainer(data={"kind": "plane", "samples": 5000}, network={"layers": layers(2)})
    seen = made.respond(program(made.setup, observes=True))
    assert len(seen.outputs) == 5000
    part = activation_histograms_part(of_plane(made.setup), seen.pre_activations, seen.hidden, seen.outputs)
    assert [sum(layer["activation"]["counts"]) for layer in part["layers"]] == [1024 * 2, 1024]
