"""The judge of all numerics: a multilayer perceptron in NumPy, float64 and textbook form, without JAX or `app.nn`.

Nothing is padded, chunked or fused. Samples come first: inputs are (samples, features), weights (inputs, units).
How parameters are updated is in tests.nn.reference_training.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf  # pyright: ignore[reportMissingTypeStubs]

Values = NDArray[np.float64]

SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


class Function(NamedTuple):
    """A function of one variable and its derivative; kinks have the derivative of the flatter side."""

    value: Callable[[Values], Values]
    slope: Callable[[Values], Values]


def sigmoid(z: Values) -> Values:
    return 0.5 * (1 + np.tanh(z / 2))


def _normal_density(z: Values) -> Values:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _normal_distribution(z: Values) -> Values:
    return 0.5 * (1 + erf(z / np.sqrt(2)))


def _exponential_below_zero(z: Values) -> Values:
    return np.exp(np.minimum(z, 0))


ACTIVATIONS: Mapping[str, Function] = {
    "linear": Function(lambda z: z, np.ones_like),
    "sigmoid": Function(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": Function(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "hard_tanh": Function(lambda z: np.clip(z, -1, 1), lambda z: np.where(np.abs(z) < 1, 1.0, 0.0)),
    "relu": Function(lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": Function(lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "elu": Function(
        lambda z: np.where(z > 0, z, _exponential_below_zero(z) - 1),
        lambda z: np.where(z > 0, 1.0, _exponential_below_zero(z)),
    ),
    "selu": Function(
        lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * (_exponential_below_zero(z) - 1)),
        lambda z: SELU_SCALE * np.where(z > 0, 1.0, SELU_ALPHA * _exponential_below_zero(z)),
    ),
    "gelu": Function(lambda z: z * _normal_distribution(z), lambda z: _normal_distribution(z) + z * _normal_density(z)),
    "silu": Function(lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "softplus": Function(lambda z: np.logaddexp(0, z), sigmoid),
    "sine": Function(np.sin, np.cos),
}


def softmax(logits: Values) -> Values:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def output_of(activation: str, logits: Values) -> Values:
    """The network's answers: (samples, outputs)."""
    return softmax(logits) if activation == "softmax" else ACTIVATIONS[activation].value(logits)


def losses(name: str, activation: str, logits: Values, targets: Values) -> Values:
    """The loss of each sample; cross-entropies from logits, whatever their sign and size."""
    if name == "binary_cross_entropy":
        return np.mean(np.logaddexp(0, logits) - targets * logits, axis=1)
    if name == "categorical_cross_entropy":
        largest = logits.max(axis=1, keepdims=True)
        log_of_sum = largest + np.log(np.sum(np.exp(logits - largest), axis=1, keepdims=True))
        return np.sum(targets * (log_of_sum - logits), axis=1)
    outputs = output_of(activation, logits)
    distance = np.abs(outputs - targets)
    if name == "half_squared_error":
        return np.sum(distance**2 / 2, axis=1)
    by_output = {
        "mean_squared_error": lambda: distance**2,
        "mean_absolute_error": lambda: distance,
        "huber": lambda: np.where(distance <= 1, distance**2 / 2, distance - 0.5),
        "hinge": lambda: np.maximum(0, 1 - outputs * targets),
    }
    return np.mean(by_output[name](), axis=1)


def loss_gradients(name: str, activation: str, logits: Values, targets: Values) -> Values:
    """The derivative of each sample's loss with respect to its logits: (samples, outputs)."""
    count = logits.shape[1]
    if name == "binary_cross_entropy":
        return (sigmoid(logits) - targets) / count
    if name == "categorical_cross_entropy":
        return softmax(logits) * targets.sum(axis=1, keepdims=True) - targets
    outputs = output_of(activation, logits)
    difference = outputs - targets
    by_output = {
        "half_squared_error": lambda: difference,
        "mean_squared_error": lambda: 2 * difference / count,
        "mean_absolute_error": lambda: np.sign(difference) / count,
        "huber": lambda: np.clip(difference, -1, 1) / count,
        "hinge": lambda: -targets * (outputs * targets < 1) / count,
    }
    return by_output[name]() * ACTIVATIONS[activation].slope(logits)


class Layer(NamedTuple):
    """Weights (inputs, units) and biases (units,), or gradients in their places."""

    weight: Values
    bias: Values


@dataclass
class Network:
    """Dense layers, the output layer last."""

    layers: list[Layer]
    activations: Sequence[str]
    """Of the hidden layers."""
    output_activation: str
    loss: str

    def respond(self, inputs: Values, scales: Sequence[Values] | None = None) -> tuple[list[Values], list[Values]]:
        """Each layer's pre-activations, the logits last, and what each layer was fed.

        `scales` are what hidden activations (samples, units) are multiplied by (dropout).
        """
        fed, pre_activations = [inputs], list[Values]()
        for index, layer in enumerate(self.layers):
            pre_activations.append(fed[-1] @ layer.weight + layer.bias)
            if index < len(self.activations):
                signal = ACTIVATIONS[self.activations[index]].value(pre_activations[-1])
                fed.append(signal if scales is None else signal * scales[index])
        return pre_activations, fed

    def outputs(self, inputs: Values) -> Values:
        return output_of(self.output_activation, self.respond(inputs)[0][-1])

    def hidden(self, inputs: Values) -> list[Values]:
        return self.respond(inputs)[1][1:]

    def mean_loss(self, inputs: Values, targets: Values) -> float:
        logits = self.respond(inputs)[0][-1]
        return float(np.mean(losses(self.loss, self.output_activation, logits, targets)))

    def gradients(self, inputs: Values, targets: Values, scales: Sequence[Values] | None = None) -> list[Layer]:
        """The gradient of the mean loss over the batch."""
        pre_activations, fed = self.respond(inputs, scales)
        delta = loss_gradients(self.loss, self.output_activation, pre_activations[-1], targets) / len(inputs)
        gradients: list[Layer] = []
        for index in reversed(range(len(self.layers))):
            gradients.insert(0, Layer(fed[index].T @ delta, delta.sum(axis=0)))
            if index > 0:
                slope = ACTIVATIONS[self.activations[index - 1]].slope(pre_activations[index - 1])
                scale = 1.0 if scales is None else scales[index - 1]
                delta = (delta @ self.layers[index].weight.T) * slope * scale
        return gradients
