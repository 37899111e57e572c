"""Which pixels speak for a class: gradients against finite differences of the judge, sums against what they must be."""

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest

from app.engine.still import Still
from app.families.pictures import shapes_of
from app.nn.pictures.lens import aim_at_filter
from app.probes.pictures.attributions import (
    ExplainedClass,
    grad_cam,
    integrated_gradients,
    occlusion,
    saliency,
    stretched,
)
from app.probes.pictures.filters import MOST_TOP, synthesis, top_pictures
from app.probes.pictures.subject import Network, Subject
from app.schemas.picture_network import AveragePool, Conv2D, GlobalAveragePool, PictureLayer
from tests.probes.pictures.networks import Judged, setup_of, still, tensors_of
from tests.probes.unpacking import unpack

LAYERS: tuple[PictureLayer, ...] = (
    Conv2D(filters=3, padding=1, activation="tanh"),
    AveragePool(),
    Conv2D(filters=4, kernel=2, activation="silu"),
    GlobalAveragePool(),
)
CLASS = 3
Told = TypeVar("Told")


@pytest.fixture(scope="module")
def network() -> Still:
    return still(setup_of(LAYERS), seed=1, lens=True)


@pytest.fixture(scope="module")
def judge(network: Still) -> Judged:
    return Judged(network.setup, tensors_of(network.setup, 1))


def explained(network: Network, row: int = 4, index: int = CLASS) -> ExplainedClass:
    prepared = network.setup.prepared
    return ExplainedClass(Subject(network, prepared.inputs[row].reshape(prepared.shape), row), index)


def told(steps: Generator[None, None, Told]) -> Told:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def judged_gradient(judge: Judged, picture: np.ndarray) -> np.ndarray:
    """Of the class's logit, by central differences."""

    def logit(change: np.ndarray) -> float:
        return float(judge.look((picture + change)[None]).pre_activations[-1][CLASS])

    gradient = np.zeros(picture.shape)
    for place in np.ndindex(picture.shape):
        step = np.zeros(picture.shape)
        step[place] = 1e-6
        gradient[place] = (logit(step) - logit(-step)) / 2e-6
    return gradient


def test_saliency_is_the_gradient_of_the_logit(network: Still, judge: Judged) -> None:
    subject = explained(network)
    reply = told(saliency(subject))
    gradient = judged_gradient(judge, subject.subject.picture.astype(np.float64))
    np.testing.assert_allclose(subject.slopes(subject.subject.picture[None])[0], gradient, atol=1e-5)
    largest = np.abs(gradient).max()
    np.testing.assert_allclose(unpack(reply.strength), np.abs(gradient[0]), atol=largest / 200)
    assert reply.signed is not None
    np.testing.assert_allclose(unpack(reply.signed), gradient[0], atol=largest / 100)
    outputs = judge.look(subject.subject.picture[None].astype(np.float64)).outputs
    assert reply.probability == pytest.approx(float(outputs[CLASS, 0]), rel=1e-4)
    assert (reply.kind, reply.class_index, reply.row, reply.label) == ("saliency", CLASS, 4, subject.subject.label)


def test_integrated_gradients_add_up_to_what_the_picture_adds_to_the_logit(network: Still) -> None:
    reply = told(integrated_gradients(explained(network)))
    assert reply.attributed is not None
    assert reply.attributed == pytest.approx(reply.difference, abs=2e-3)
    black = network.look(np.zeros((1, *network.setup.prepared.shape)))
    assert reply.logit is not None
    assert reply.difference == pytest.approx(reply.logit - float(black.pre_activations[-1][CLASS]), abs=1e-5)
    signed = unpack(reply.signed) if reply.signed else np.zeros(0)
    assert signed.sum() == pytest.approx(reply.attributed, abs=signed.size * np.abs(signed).max() / 100)


def test_before_global_average_pooling_grad_cam_is_the_class_activation_map(network: Still) -> None:
    """Zhou et al. 2016: there the mean gradient of a map is its weight to the class, divided by its places."""
    subject = explained(network)
    reply = told(grad_cam(subject, None))
    assert reply.layer == 2
    maps = subject.subject.output(2)
    weights = network.tensors["layers.4.weight"][:, CLASS].astype(np.float64) / maps[0].size
    expected = stretched(np.maximum(np.tensordot(weights, maps, 1), 0), (8, 8))
    assert expected.max() > 0
    np.testing.assert_allclose(unpack(reply.strength), expected, atol=expected.max() / 200)
    assert told(grad_cam(subject, 0)).layer == 0


def test_a_channels_gradient_is_what_a_number_added_to_all_of_it_changes(network: Still) -> None:
    subject = explained(network)
    gradients = np.asarray(network.slopes(subject.subject.picture[None], subject.aim).channels[1])[:, 0]
    pooled = subject.subject.output(1)

    def logit(channel: int, change: float) -> float:
        maps = pooled.copy()
        maps[channel] += change
        weights, bias = (network.tensors[f"layers.2.{name}"].astype(np.float64) for name in ("weight", "bias"))
        z = np.stack(
            [
                [np.einsum("chw,hwcf->f", maps[:, y : y + 2, x : x + 2], weights) + bias for x in range(3)]
                for y in range(3)
            ]
        )
        means = (z / (1 + np.exp(-z))).mean(axis=(0, 1))
        return float(means @ network.tensors["layers.4.weight"][:, CLASS])

    expected = [(logit(channel, 1e-5) - logit(channel, -1e-5)) / 2e-5 for channel in range(3)]
    np.testing.assert_allclose(gradients, expected, atol=1e-4)


def test_hiding_parts_of_a_grey_picture_changes_nothing(judge: Judged) -> None:
    grey = ExplainedClass(Subject(judge, np.full((1, 8, 8), 0.5, np.float32), None), CLASS)
    reply = told(occlusion(grey))
    np.testing.assert_allclose(unpack(reply.strength), 0, atol=1e-9)


def test_occlusion_is_the_mean_fall_of_the_probability_over_the_windows_on_a_pixel(judge: Judged) -> None:
    subject = explained(judge)
    reply = told(occlusion(subject))
    falls = np.zeros((8, 8, 2))
    for top in range(8):
        for left in range(8):
            hidden = subject.subject.picture.copy()
            hidden[:, top : top + 2, left : left + 2] = 0.5
            fall = subject.probability - subject.probabilities(hidden[None])[0]
            falls[top : top + 2, left : left + 2] += (fall, 1)
    expected = falls[..., 0] / falls[..., 1]
    assert reply.signed is not None
    np.testing.assert_allclose(unpack(reply.signed), expected, atol=np.abs(expected).max() / 100)


def test_maps_are_stretched_linearly_between_the_middles_of_their_places() -> None:
    np.testing.assert_allclose(stretched(np.array([[0.0, 4.0]]), (1, 4)), [[0, 1, 3, 4]])
    np.testing.assert_allclose(stretched(np.full((2, 3), 7.0), (5, 8)), 7)


def test_top_pictures_are_the_test_pictures_with_the_largest_peaks(network: Still, judge: Judged) -> None:
    prepared = network.setup.prepared
    first = sum(prepared.counts[:2])
    reply = told(top_pictures(network, 0, 2))
    peaks = {
        row: float(np.asarray(judge.look(prepared.inputs[row].reshape(1, *prepared.shape)).maps[0])[2].max())
        for row in range(first, sum(prepared.counts))
    }
    assert len(reply.pictures) == MOST_TOP
    values = [picture.value or 0 for picture in reply.pictures]
    np.testing.assert_allclose(values, sorted(peaks.values(), reverse=True)[:MOST_TOP], atol=1e-5)
    for picture in reply.pictures:
        assert picture.value == pytest.approx(peaks[picture.row], abs=1e-5)
        assert picture.label == prepared.labels[picture.row]
        assert (picture.field.top, picture.field.left) == (picture.y - 1, picture.x - 1)
        assert (picture.field.height, picture.field.width) == (3, 3)


def test_a_picture_is_made_that_excites_a_filter(network: Still) -> None:
    reply = told(synthesis(network, 2, 1))
    assert reply.start is not None
    assert reply.end is not None
    assert reply.end > reply.start
    picture = unpack(reply.picture)
    assert picture.shape == (1, 8, 8)
    assert picture.min() >= 0
    assert picture.max() <= 1
    again = network.slopes(picture[None].astype(np.float32), aim_at_filter(shapes_of(network.setup), 2, 1))
    assert float(np.asarray(again.filters[2])[1, 0]) == pytest.approx(reply.end, abs=0.02)
    assert told(synthesis(network, 2, 1)) == reply
