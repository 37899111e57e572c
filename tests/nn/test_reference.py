"""The judge is judged: its derivatives by finite differences, its optimisers by first steps known in closed form."""

from collections.abc import Callable
from functools import partial
from itertools import chain, pairwise

import numpy as np
import pytest

from app.schemas.document import parse_value
from app.schemas.network import OUTPUT_ACTIVATIONS
from app.schemas.training import LOSSES, Training
from tests.nn.reference import ACTIVATIONS, Layer, Network, Values, loss_gradients, losses, softmax
from tests.nn.reference_training import Learner, clipped, penalised

# Apart from every kink: at 0, ±1 and multiples of them.
POINTS = np.linspace(-4.03, 4.05, 60)
LOGITS = np.random.default_rng(5).normal(0, 1.5, (7, 3))
SIGNS = np.where(np.arange(21).reshape(7, 3) % 2, 1.0, -1.0)
ONE_HOT = np.eye(3)[np.arange(7) % 3]
ZERO = np.zeros(1)


def derivative(function: Callable[[Values], Values], at: Values, step: float = 1e-6) -> Values:
    return (function(at + step) - function(at - step)) / (2 * step)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_the_derivatives_of_activations(name: str) -> None:
    value, slope = ACTIVATIONS[name]
    np.testing.assert_allclose(slope(POINTS), derivative(value, POINTS), atol=1e-8)


def loss_cases() -> list[tuple[str, str, Values]]:
    """Each loss with each output activation that it accepts, and targets in its encoding."""
    cross_entropies = {
        "binary_cross_entropy": ("sigmoid", (SIGNS + 1) / 2),
        "categorical_cross_entropy": ("softmax", ONE_HOT),
    }
    cases = [(name, *cross_entropies[name]) for name in cross_entropies]
    elementwise = [name for name in LOSSES if "cross_entropy" not in name]
    activations = [name for name in OUTPUT_ACTIVATIONS if name != "softmax"]
    return cases + [(name, activation, SIGNS * 0.9) for name in elementwise for activation in activations]


@pytest.mark.parametrize(("name", "activation", "targets"), loss_cases())
def test_loss_gradients_are_derivatives(name: str, activation: str, targets: Values) -> None:
    found = loss_gradients(name, activation, LOGITS, targets)
    for column, unit in enumerate(np.eye(3)):
        expected = derivative(lambda amount, unit=unit: losses(name, activation, LOGITS + amount * unit, targets), ZERO)
        np.testing.assert_allclose(found[:, column], expected, atol=1e-8)


def test_half_squared_error_sums_over_outputs_and_the_others_average() -> None:
    logits, targets = np.array([[3.0, 0.0]]), np.array([[0.0, 0.5]])
    expected = {
        "half_squared_error": (9 + 0.25) / 2,
        "mean_squared_error": (9 + 0.25) / 2,
        "mean_absolute_error": (3 + 0.5) / 2,
        "huber": (2.5 + 0.125) / 2,
        "hinge": (1 + 1) / 2,
    }
    assert {name: losses(name, "linear", logits, targets).item() for name in expected} == expected
    three = losses("half_squared_error", "linear", np.ones((1, 3)), np.zeros((1, 3))).item()
    assert three == 1.5
    assert losses("mean_squared_error", "linear", np.ones((1, 3)), np.zeros((1, 3))).item() == 1


def test_cross_entropies_are_those_of_probabilities() -> None:
    probabilities = softmax(LOGITS)
    expected = -np.log(probabilities[ONE_HOT == 1])
    np.testing.assert_allclose(losses("categorical_cross_entropy", "softmax", LOGITS, ONE_HOT), expected)
    positive = ACTIVATIONS["sigmoid"].value(LOGITS[:, :1])[:, 0]
    targets = np.ones((7, 1))
    np.testing.assert_allclose(losses("binary_cross_entropy", "sigmoid", LOGITS[:, :1], targets), -np.log(positive))


@pytest.mark.parametrize(
    ("activations", "output", "loss"),
    [(["tanh", "gelu"], "tanh", "half_squared_error"), (["silu"], "softmax", "categorical_cross_entropy")],
)
def test_backpropagation_is_the_derivative_of_the_mean_loss(activations: list[str], output: str, loss: str) -> None:
    rng = np.random.default_rng(1)
    sizes = [2, *range(4, 4 + len(activations)), 3]
    layers = [Layer(rng.normal(size=(inputs, units)), rng.normal(size=units)) for inputs, units in pairwise(sizes)]
    network = Network(layers, activations, output, loss)
    inputs = rng.normal(size=(7, 2))
    scales = [rng.choice([0.0, 2.0], (7, units)) for units in sizes[1:-1]]

    def loss_with(part: Values, index: tuple[int, ...], dropped: list[Values] | None, amount: Values) -> Values:
        kept = part[index]
        part[index] += amount.item()
        logits = network.respond(inputs, dropped)[0][-1]
        part[index] = kept
        return np.mean(losses(loss, output, logits, ONE_HOT), keepdims=True)

    for dropped in (None, scales):
        gradients = network.gradients(inputs, ONE_HOT, dropped)
        for part, slope in zip(chain(*layers), chain(*gradients), strict=True):
            for index in np.ndindex(part.shape):
                expected = derivative(partial(loss_with, part, index, dropped), ZERO)
                np.testing.assert_allclose(slope[index], expected.item(), atol=1e-8)


@pytest.mark.parametrize(
    ("optimizer", "first", "second"),
    [
        ({"kind": "sgd"}, 3, 3),
        ({"kind": "momentum", "momentum": 0.5}, 3, 3 + 1.5),
        ({"kind": "nesterov", "momentum": 0.5}, 3 + 1.5, 3 + 0.5 * (3 + 1.5)),
        ({"kind": "adagrad"}, 3 / np.sqrt(9.1 + 1e-7), 3 / np.sqrt(18.1 + 1e-7)),
        ({"kind": "rmsprop"}, 3 / np.sqrt(0.9 + 1e-8), 3 / np.sqrt(0.1 * 9 * 1.9 + 1e-8)),
        ({"kind": "adam"}, 3 / (3 + 1e-8), 3 / (3 + 1e-8)),
        ({"kind": "adamw", "weight_decay": 0.1}, 1 + 0.1 * 5, 1 + 0.1 * (5 - 0.01 * 1.5)),
        ({"kind": "lion", "weight_decay": 0.1}, 1 + 0.1 * 5, 1 + 0.1 * (5 - 0.01 * 1.5)),
    ],
)
def test_first_steps_of_optimisers_are_known(optimizer: dict[str, object], first: float, second: float) -> None:
    """A weight of 5 whose gradient is always 3: a linear unit without bias, MAE, one sample of 3."""
    training = parse_value(Training, {"optimizer": {**optimizer, "learning_rate": 0.01}})
    network = Network([Layer(np.array([[5.0]]), np.array([0.0]))], [], "linear", "mean_absolute_error")
    learner = Learner(network, training)
    weights = [5.0]
    for _ in range(2):
        learner.update(np.array([[3.0]]), np.array([[0.0]]), 0)
        weights.append(learner.network.layers[0].weight.item())
    np.testing.assert_allclose(-np.diff(weights) / 0.01, [first, second], rtol=1e-7)


def test_the_penalty_spares_biases_and_clipping_does_not() -> None:
    layers = [Layer(np.array([[2.0], [-0.5]]), np.array([3.0]))]
    gradients = penalised([Layer(np.zeros((2, 1)), np.array([0.5]))], layers, 0.1, 0.01)
    np.testing.assert_allclose(gradients[0].weight, [[0.12], [-0.105]])
    np.testing.assert_allclose(gradients[0].bias, [0.5])
    shortened = clipped([Layer(np.array([[3.0]]), np.array([4.0]))], "norm", 1.0)
    np.testing.assert_allclose([part.item() for part in shortened[0]], [0.6, 0.8])
    clamped = clipped([Layer(np.array([[-3.0]]), np.array([0.2]))], "value", 1.0)
    np.testing.assert_allclose([part.item() for part in clamped[0]], [-1, 0.2])
