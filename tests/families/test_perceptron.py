"""The perceptron's rule against a reference in NumPy's float64, and what Novikoff (1962) proved of it."""

import numpy as np
import pytest

from app.data.separability import margins
from app.engine.trainer import Trainer
from app.errors import InvalidInput
from tests.engine.cases import metrics, program, setup, trainer

ZEROS = {"network": {"init": {"kind": "zeros"}}}


def reference(inputs: np.ndarray, targets: np.ndarray, rate: float, epochs: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Weights (inputs, units), biases and mistakes after so many passes in the order given, beginning with 0."""
    weight, bias, mistakes = np.zeros((inputs.shape[1], targets.shape[1])), np.zeros(targets.shape[1]), 0
    for _ in range(epochs):
        for x, target in zip(inputs.astype(np.float64), targets.astype(np.float64), strict=True):
            for unit in range(targets.shape[1]):
                if target[unit] * (x @ weight[:, unit] + bias[unit]) <= 0:
                    weight[:, unit] += rate * target[unit] * x
                    bias[unit] += rate * target[unit]
                    mistakes += 1
    return weight, bias, mistakes


def mistakes(of: Trainer) -> float:
    part = metrics(of)["train"]
    assert part is not None
    count = part["mistakes"]
    assert count is not None
    return count


def points(seed: int, samples: int = 40) -> list[list[float]]:
    """Random points that a random line parts, with a gap beside it; on a grid on which float32 makes no error."""
    rng = np.random.default_rng(seed)
    normal, offset = rng.normal(size=2), rng.uniform(-1, 1)
    drawn = np.round(rng.uniform(-4, 4, (50 * samples, 2)) * 16) / 16
    distances = (drawn @ normal - offset) / np.linalg.norm(normal)
    apart = np.abs(distances) > 0.3
    chosen = np.column_stack([drawn[apart], distances[apart] > 0])
    sides = [chosen[chosen[:, 2] == side][: samples // 2] for side in (0, 1)]
    return [[x1, x2, 1 if side else -1] for x1, x2, side in np.concatenate(sides).tolist()]


@pytest.mark.parametrize(
    "data", [{"kind": "xor", "noise": 10}, {"kind": "gaussian"}, {"kind": "iris"}], ids=["xor", "gaussian", "iris"]
)
def test_mistakes_and_weights_are_the_references(data: dict[str, object]) -> None:
    made = trainer(
        family="perceptron", data=data, **ZEROS, training={"shuffle": False, "optimizer": {"learning_rate": 0.5}}
    )
    made.advance(program(made.setup), made.steps_until(3))
    prepared = made.setup.prepared
    count = prepared.counts[0]
    weight, bias, expected = reference(prepared.inputs[:count], prepared.targets[:count], 0.5, 3)
    assert mistakes(made) == expected
    np.testing.assert_allclose(made.tensors()["layers.0.weight"], weight, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(made.tensors()["layers.0.bias"], bias, atol=1e-5)


def test_a_rule_of_dyadic_numbers_is_followed_bit_by_bit() -> None:
    data = {"kind": "points", "points": points(7), "train_fraction": 0.8}
    made = trainer(
        family="perceptron", data=data, **ZEROS, training={"shuffle": False, "optimizer": {"learning_rate": 1.0}}
    )
    made.advance(program(made.setup), made.steps_until(5))
    prepared = made.setup.prepared
    count = prepared.counts[0]
    weight, bias, expected = reference(prepared.inputs[:count], prepared.targets[:count], 1.0, 5)
    np.testing.assert_array_equal(made.tensors()["layers.0.weight"], weight)
    np.testing.assert_array_equal(made.tensors()["layers.0.bias"], bias)
    assert mistakes(made) == expected


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_separable_data_make_no_more_mistakes_than_novikoff_allows(seed: int, *, shuffle: bool) -> None:
    """At most (R/γ)², inputs taken with the 1 of the bias, γ the margin of any unit vector that separates them."""
    rng = np.random.default_rng(seed)
    data = {"kind": "points", "points": points(seed), "train_fraction": 0.8}
    training = {"shuffle": shuffle, "optimizer": {"learning_rate": float(rng.choice([0.03, 1.0]))}}
    made = trainer(family="perceptron", seed=seed, data=data, **ZEROS, training=training)
    made.advance(program(made.setup), made.steps_until(400))
    part = metrics(made)["train"]
    assert part is not None
    assert (part["loss"], part["accuracy"]) == (0.0, 1.0)
    prepared = made.setup.prepared
    count = prepared.counts[0]
    inputs = np.column_stack([prepared.inputs[:count].astype(np.float64), np.ones(count)])
    tensors = made.tensors()
    separator = np.append(tensors["layers.0.weight"].astype(np.float64), tensors["layers.0.bias"])
    margin = (prepared.targets[:count, 0] * (inputs @ separator)).min() / np.linalg.norm(separator)
    assert margin > 0
    assert mistakes(made) <= (np.linalg.norm(inputs, axis=1).max() / margin) ** 2


@pytest.mark.parametrize("seed", range(8))
def test_from_any_first_weights_there_are_no_more_mistakes_than_the_margin_allows(seed: int) -> None:
    data = {"kind": "points", "points": points(seed), "train_fraction": 0.8}
    rate = (0.01, 1.0)[seed % 2]
    made = trainer(family="perceptron", seed=seed, data=data, training={"optimizer": {"learning_rate": rate}})
    found = margins(made.setup.prepared)
    assert found is not None
    first = np.append(*made.tensors().values()).astype(np.float64)
    made.advance(program(made.setup), made.steps_until(400))
    assert metrics(made)["train"] is not None
    assert mistakes(made) <= found[0].most_mistakes(float(np.linalg.norm(first)) / rate)


def test_the_learning_rate_scales_the_weights_only() -> None:
    slow, fast = (
        trainer(family="perceptron", data={"kind": "xor"}, **ZEROS, training={"optimizer": {"learning_rate": rate}})
        for rate in (0.25, 2.0)
    )
    for made in (slow, fast):
        made.advance(program(made.setup), 1_000)
    np.testing.assert_array_equal(8 * slow.tensors()["layers.0.weight"], fast.tensors()["layers.0.weight"])
    assert mistakes(slow) == mistakes(fast) > 0


def test_a_right_answer_changes_nothing() -> None:
    made = trainer(family="perceptron", data={"kind": "gaussian"}, **ZEROS)
    made.advance(program(made.setup), made.steps_until(20))
    before, count = made.tensors(), mistakes(made)
    assert count > 0
    made.advance(program(made.setup), made.steps_until(21))
    np.testing.assert_array_equal(made.tensors()["layers.0.weight"], before["layers.0.weight"])
    assert mistakes(made) == count


def test_slicing_changes_nothing() -> None:
    whole, sliced = (trainer(family="perceptron", data={"kind": "iris"}) for _ in range(2))
    whole.advance(program(whole.setup), 700)
    while sliced.step < 700:
        sliced.advance(program(sliced.setup), min(33, 700 - sliced.step))
    for name, tensor in whole.tensors().items():
        np.testing.assert_array_equal(sliced.tensors()[name], tensor)
    assert sliced.history.rows == whole.history.rows
    assert sliced.last_mistake() == whole.last_mistake()


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"network": {"layers": [{"units": 3}]}}, ["network.layers"]),
        ({"training": {"loss": "hinge", "batch_size": 5}}, ["training.loss", "training.batch_size"]),
        ({"training": {"optimizer": {"kind": "adam"}}}, ["training.optimizer.kind"]),
        ({"training": {"regularization": {"l2": 0.1}}}, ["training.regularization"]),
        ({"data": {"kind": "plane"}}, ["data.kind"]),
    ],
)
def test_what_it_does_not_have_is_refused_by_name(given: dict[str, object], paths: list[str]) -> None:
    with pytest.raises(InvalidInput) as raised:
        setup(family="perceptron", **given)
    assert [error.path for error in raised.value.errors] == paths
