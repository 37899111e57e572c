"""How the judge trains: penalty, clipping, schedules and optimisers from their papers, in float64.

Conventions are those of optax 0.2.8: momentum without dampening, epsilon inside the root for Adagrad and RMSprop and
outside for Adam, decay that is multiplied by the learning rate. `replay` repeats a whole training from its start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.schemas.experiment import Experiment, as_plane
from app.schemas.training import Optimizer, Schedule, Training
from tests.nn.reference import Layer, Network, Values

ADAGRAD_START = 0.1

Dropout = Callable[[int, int, tuple[int, int]], Values]
"""From step, layer and shape (samples, units) to what activations are multiplied by."""


def schedule_factor(schedule: Schedule, epoch: int) -> float:
    """What the learning rate is multiplied by when `epoch` passes are finished."""
    match schedule.kind:
        case "constant":
            return 1.0
        case "step":
            return schedule.gamma ** (epoch // schedule.every)
        case "exponential":
            return schedule.gamma**epoch
        case "cosine":
            share = min(epoch / schedule.epochs, 1)
            return schedule.floor + (1 - schedule.floor) * (1 + np.cos(np.pi * share)) / 2
        case "warm_up":
            return min((epoch + 1) / schedule.epochs, 1)


def penalised(gradients: Sequence[Layer], layers: Sequence[Layer], l1: float, l2: float) -> list[Layer]:
    """The gradient of loss + l1·Σ|w| + l2·½Σw²."""
    return [
        Layer(gradient.weight + l1 * np.sign(layer.weight) + l2 * layer.weight, gradient.bias)
        for gradient, layer in zip(gradients, layers, strict=True)
    ]


def clipped(gradients: Sequence[Layer], kind: str, threshold: float) -> list[Layer]:
    """The whole gradient shortened to a norm, or each component clamped."""
    if kind == "value":
        return [Layer(*(np.clip(part, -threshold, threshold) for part in layer)) for layer in gradients]
    norm = np.sqrt(sum(np.sum(part**2) for layer in gradients for part in layer))
    share = min(1.0, threshold / norm) if kind == "norm" and norm > 0 else 1.0
    return [Layer(*(part * share for part in layer)) for layer in gradients]


@dataclass
class Rule:
    """An optimiser for one array of parameters, which remembers what it must."""

    spec: Optimizer
    decays: bool
    """Whether decoupled decay acts on this array."""
    count: int = 0
    memory: dict[str, Values] = field(default_factory=dict[str, Values])

    def direction(self, gradient: Values, parameters: Values) -> Values:
        """What the learning rate is multiplied with, and is then taken from the parameters."""
        spec = self.spec
        self.count += 1
        decay = getattr(spec, "weight_decay", 0.0) * parameters if self.decays else 0.0
        match spec.kind:
            case "sgd":
                return gradient
            case "momentum":
                return self._remember("velocity", spec.momentum, gradient)
            case "nesterov":
                return gradient + spec.momentum * self._remember("velocity", spec.momentum, gradient)
            case "adagrad":
                start = np.full_like(gradient, ADAGRAD_START)
                return gradient / np.sqrt(self._remember("squares", 1.0, gradient**2, start) + spec.epsilon)
            case "rmsprop":
                squares = self._remember("squares", spec.decay, (1 - spec.decay) * gradient**2)
                return gradient / np.sqrt(squares + spec.epsilon)
            case "adam" | "adamw":
                mean = self._remember("mean", spec.beta1, (1 - spec.beta1) * gradient)
                squares = self._remember("squares", spec.beta2, (1 - spec.beta2) * gradient**2)
                unbiased = mean / (1 - spec.beta1**self.count)
                root = np.sqrt(squares / (1 - spec.beta2**self.count))
                return unbiased / (root + spec.epsilon) + decay
            case "lion":
                before = self.memory.get("mean", np.zeros_like(gradient))
                self._remember("mean", spec.beta2, (1 - spec.beta2) * gradient)
                return np.sign(spec.beta1 * before + (1 - spec.beta1) * gradient) + decay

    def _remember(self, name: str, kept: float, new: Values, start: Values | None = None) -> Values:
        old = self.memory.get(name, np.zeros_like(new) if start is None else start)
        self.memory[name] = kept * old + new
        return self.memory[name]


@dataclass
class Learner:
    """A network with an optimiser for each of its arrays."""

    network: Network
    training: Training
    rules: list[tuple[Rule, Rule]] = field(init=False)

    def __post_init__(self) -> None:
        optimizer = self.training.optimizer
        self.rules = [(Rule(optimizer, decays=True), Rule(optimizer, decays=False)) for _ in self.network.layers]

    def update(
        self, inputs: Values, targets: Values, epoch: int, scales: Sequence[Values] | None = None
    ) -> list[Layer]:
        """One update; returns the gradient that the optimiser saw."""
        network, training = self.network, self.training
        penalty, clipping = training.regularization, training.clipping
        gradients = penalised(network.gradients(inputs, targets, scales), network.layers, penalty.l1, penalty.l2)
        gradients = clipped(gradients, clipping.kind, getattr(clipping, "threshold", np.inf))
        rate = training.optimizer.learning_rate * schedule_factor(training.schedule, epoch)
        network.layers = [
            Layer(*(part - rate * rule.direction(slope, part) for rule, slope, part in zip(*group, strict=True)))
            for group in zip(self.rules, gradients, network.layers, strict=True)
        ]
        return gradients


def network_of(experiment: Experiment, tensors: Mapping[str, np.ndarray]) -> Network:
    """The network of a resolved Experiment, with parameters by name (`layers.0.weight`, `layers.0.bias`, …)."""
    layers = as_plane(experiment).network.layers
    parameters = [
        Layer(*(tensors[f"layers.{index}.{part}"].astype(np.float64) for part in ("weight", "bias")))
        for index in range(len(layers) + 1)
    ]
    activations = [layer.activation for layer in layers]
    return Network(parameters, activations, str(experiment.network.output_activation), str(experiment.training.loss))


def replay(
    given: Experiment,
    tensors: Mapping[str, np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    steps: int,
    dropout: Dropout | None = None,
) -> Network:
    """The network after `steps` updates over the training part (samples, …) in its given order, never shuffled."""
    experiment = as_plane(given)
    learner = Learner(network_of(experiment, tensors), experiment.training)
    inputs, targets = inputs.astype(np.float64), targets.astype(np.float64)
    epoch, position = 0, 0
    for step in range(steps):
        batch = slice(position, position + experiment.training.batch_size)
        size = len(inputs[batch])
        units = [layer.units for layer in experiment.network.layers]
        scales = [dropout(step, layer, (size, count)) for layer, count in enumerate(units)] if dropout else None
        learner.update(inputs[batch], targets[batch], epoch, scales)
        position += size
        if position == len(inputs):
            epoch, position = epoch + 1, 0
    return learner.network


def relative_error(network: Network, tensors: Mapping[str, np.ndarray]) -> float:
    """The Euclidean distance of all parameters from the network's, relative to their length."""
    expected = np.concatenate([part.ravel() for layer in network.layers for part in layer])
    found = np.concatenate(
        [
            tensors[f"layers.{index}.{part}"].ravel()
            for index in range(len(network.layers))
            for part in ("weight", "bias")
        ]
    ).astype(np.float64)
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))
