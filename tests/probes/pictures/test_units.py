"""The arithmetic of a unit comes to what the network gives on there, for all kinds of layers."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from app.probes.pictures.maps import maps_explanation
from app.probes.pictures.subject import Network, Subject, check_question
from app.probes.pictures.units import LARGEST, unit_explanation
from app.schemas.explain import Question, UnitExplanation
from app.schemas.picture_network import (
    AveragePool,
    BatchNorm,
    Conv2D,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LayerNorm,
    MaxPool,
    PictureDense,
    PictureLayer,
    Residual,
)
from app.schemas.unit import Answer, Convolution, Pooling, Product, ResidualSum, WeightedSum
from tests.nn.pictures.stacks import random_layers
from tests.probes.pictures.networks import judged, setup_of, still
from tests.probes.unpacking import unpack

ALL_KINDS: tuple[PictureLayer, ...] = (
    Conv2D(filters=3, kernel=3, padding=1, stride=1, activation="gelu"),
    BatchNorm(activation="elu"),
    MaxPool(size=2, stride=1),
    Residual(filters=3, activation="tanh"),
    Residual(filters=4, stride=2, activation="silu"),
    LayerNorm(activation="sine"),
    Dropout(),
    AveragePool(size=2),
    Flatten(),
    PictureDense(units=5, activation="softplus"),
    BatchNorm(),
)


def picture_of(network: Network, row: int) -> Subject:
    prepared = network.setup.prepared
    return Subject(network, prepared.inputs[row].reshape(prepared.shape), row)


def explained(subject: Subject, layer: int, *place: int) -> UnitExplanation:
    names = ("unit",) if len(place) == 1 else ("channel", "y", "x")
    fields = dict(zip(names, place, strict=True))
    question = Question(kind="unit", row=subject.row, layer=layer, **fields).checked(drawn=False)
    check_question(subject.setup, question)
    return unit_explanation(subject, question)


def places(subject: Subject, rng: np.random.Generator, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Some units of each layer: the first, the last, and random ones."""
    for layer in range(len(subject.layers) + 1):
        shape = subject.output(layer).shape
        yield layer, tuple(0 for _ in shape)
        yield layer, tuple(side - 1 for side in shape)
        for _ in range(count):
            yield layer, tuple(int(rng.integers(side)) for side in shape)


def assert_same(found: float | None, expected: float) -> None:
    assert found is not None
    assert abs(found - expected) <= 1e-5 * (1 + abs(expected))


def assert_explained(subject: Subject, rng: np.random.Generator, count: int) -> None:
    for layer, place in places(subject, rng, count):
        told = explained(subject, layer, *place)
        assert_same(told.value, subject.output(layer)[place])
        assert_same(told.pre_activation, subject.pre_activation(layer)[place])
        assert told.terms
        assert told.layer_kind == subject.kind(layer)


@pytest.mark.parametrize("seed", range(25))
def test_the_arithmetic_comes_to_the_networks_value_in_random_networks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = judged(random_layers(rng, (1, 8, 8), 10), seed)
    assert_explained(picture_of(network, int(rng.integers(60))), rng, 3)


def test_it_comes_to_what_the_compiled_network_gives_on() -> None:
    network = still(setup_of(ALL_KINDS), seed=3)
    assert_explained(picture_of(network, 5), np.random.default_rng(0), 5)


def test_a_patch_says_where_it_is_from_and_what_of_it_is_padding() -> None:
    subject = picture_of(judged([Conv2D(kernel=3, padding=2, stride=2, dilation=2), Flatten()]), 0)
    told = explained(subject, 0, 0, 0, 1).arithmetic
    assert isinstance(told, Convolution)
    assert (told.rows, told.columns) == ((-2, 0, 2), (0, 2, 4))
    patch = unpack(told.patch)
    np.testing.assert_array_equal(patch[0, 0], 0)
    np.testing.assert_array_equal(patch[0, 1:], subject.picture[0][[[0], [2]], [0, 2, 4]])
    np.testing.assert_allclose(unpack(told.products), patch * unpack(told.weights), rtol=1e-6)
    assert_same(told.sum, float(unpack(told.products).sum()))


def test_the_first_of_equal_largest_values_wins() -> None:
    network = judged([MaxPool(size=4), Flatten()])
    subject = Subject(network, np.ones((1, 8, 8), np.float32), None)
    told = explained(picture_of(network, 1), 0, 0, 1, 1).arithmetic
    assert isinstance(told, Pooling)
    winner = told.winner
    assert winner is not None
    assert winner.y is not None
    assert winner.x is not None
    assert (
        told.result == picture_of(network, 1).picture[0, 4:, 4:].max() == subject_value(network, 1, winner.y, winner.x)
    )
    question = Question(kind="unit", layer=0, channel=0, y=1, x=0).checked(drawn=True)
    equal = unit_explanation(subject, question).arithmetic
    assert isinstance(equal, Pooling)
    assert equal.winner is not None
    assert (equal.winner.y, equal.winner.x) == (4, 0)


def subject_value(network: Network, row: int, y: int, x: int) -> float:
    return float(picture_of(network, row).picture[0, y, x])


def test_the_largest_products_are_told_and_the_rest_is_summed() -> None:
    subject = picture_of(judged([Flatten(), PictureDense(units=3)]), 2)
    told = explained(subject, 1, 1).arithmetic
    assert isinstance(told, WeightedSum)
    products = unpack(told.inputs) * unpack(told.weights)
    largest = [abs(product.product or 0) for product in told.largest]
    assert len(largest) == LARGEST
    assert largest == sorted(largest, reverse=True)
    assert told.others == 64 - LARGEST
    assert min(largest) >= np.delete(np.abs(products), [product.input for product in told.largest]).max()
    assert_same(sum((product.product or 0) for product in told.largest) + (told.rest or 0), told.sum or 0)
    assert isinstance(told.largest[0], Product)


def test_what_goes_past_a_block_goes_by_way_of_a_convolution_only_where_its_shape_differs() -> None:
    subject = picture_of(judged([Residual(filters=1), Residual(filters=2), GlobalAveragePool()]), 0)
    same, other = (explained(subject, layer, 0, 3, 3).arithmetic for layer in (0, 1))
    assert isinstance(same, ResidualSum)
    assert isinstance(other, ResidualSum)
    assert same.past_norm is None
    assert same.past.result == subject.picture[0, 3, 3]
    assert isinstance(other.past, Convolution)
    assert other.past_norm is not None


def test_softmax_and_loss_are_told_of_the_output_layer() -> None:
    subject = picture_of(judged([Flatten()]), 4)
    label = subject.label
    assert label is not None
    told = explained(subject, 1, label)
    answer = told.arithmetic
    assert isinstance(answer, Answer)
    assert answer.total is not None
    assert sum(each or 0 for each in answer.exponentials) == pytest.approx(answer.total)
    assert sum(each or 0 for each in answer.outputs) == pytest.approx(1)
    assert told.value == pytest.approx((answer.exponentials[label] or 0) / answer.total)
    assert answer.loss == pytest.approx(-np.log(told.value or 0), rel=1e-4)
    drawn = Subject(subject.network, subject.picture, None)
    unlabelled = unit_explanation(drawn, Question(kind="unit", layer=1, unit=0)).arithmetic
    assert isinstance(unlabelled, Answer)
    assert unlabelled.loss is None


def _huber(error: np.ndarray, beta: float) -> np.ndarray:
    return np.where(np.abs(error) < beta, 0.5 * error**2 / beta, np.abs(error) - 0.5 * beta)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("half_squared_error", lambda o, t: 0.5 * np.sum((o - t) ** 2)),
        ("mean_absolute_error", lambda o, t: np.mean(np.abs(o - t))),
        ("hinge", lambda o, t: np.mean(np.maximum(0, 1 - o * t))),
    ],
)
def test_other_losses_are_told_as_they_are_defined(loss: str, expected: Callable[..., float]) -> None:
    subject = picture_of(judged([Flatten()], loss=loss), 4)
    answer = explained(subject, 1, 3).arithmetic
    assert isinstance(answer, Answer)
    assert (answer.loss_name, answer.exponentials, answer.total) == (loss, (), None)
    assert answer.loss == pytest.approx(expected(subject.outputs, subject.setup.prepared.targets[4]), rel=1e-5)


def test_a_box_is_told_beside_the_classes() -> None:
    data = {"kind": "shapes", "samples": 40, "task": "detection", "side": 16}
    subject = picture_of(judged([Flatten()], data=data), 4)
    told = explained(subject, 1, 5)
    answer = told.arithmetic
    assert isinstance(answer, Answer)
    assert (told.activation, told.value, len(answer.exponentials)) == ("linear", told.pre_activation, 4)
    targets = subject.setup.prepared.targets[4]
    expected = 5 * np.sum(_huber(subject.outputs[4:] - targets[4:], 0.1)) - np.log(
        subject.outputs[:4][targets[:4] == 1]
    )
    assert answer.loss == pytest.approx(float(expected[0]), rel=1e-4)


def test_maps_are_those_of_the_network_bit_by_bit() -> None:
    subject = picture_of(judged(ALL_KINDS), 7)
    told = maps_explanation(subject, Question(kind="maps", row=7))
    np.testing.assert_array_equal(unpack(told.input), subject.picture)
    assert [layer.layer_kind for layer in told.layers] == [*(layer.kind for layer in ALL_KINDS), "output"]
    for layer in told.layers:
        np.testing.assert_array_equal(unpack(layer.output), subject.output(layer.layer).astype(np.float32))
        expected = subject.pre_activation(layer.layer).astype(np.float32)
        np.testing.assert_array_equal(unpack(layer.pre_activation), expected)
    (only,) = maps_explanation(subject, Question(kind="maps", row=7, layer=4)).layers
    assert only == told.layers[4]
