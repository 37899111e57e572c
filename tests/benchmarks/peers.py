"""The same work by others: NumPy by hand, scikit-learn, and PyTorch where it is installed.

Tanh everywhere, half squared error, plain SGD at 0.03, a new order every epoch. Each returns samples per second.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

from tests.benchmarks.work import SAMPLES, Work

Peer = Callable[[Work, float], float]


def numpy_by_hand(work: Work, seconds: float) -> float:
    """What one writes first: forward, backward and update with matrix products."""
    rng = np.random.default_rng(0)
    inputs, targets = _data(work)
    sizes = work.sizes
    weights = [rng.uniform(-0.5, 0.5, shape).astype(np.float32) for shape in pairwise(sizes)]
    biases = [np.full(size, 0.1, np.float32) for size in sizes[1:]]

    def epoch() -> None:
        order = rng.permutation(SAMPLES)
        for start in range(0, SAMPLES, work.batch_size):
            rows = order[start : start + work.batch_size]
            signals = [inputs[rows]]
            for weight, bias in zip(weights, biases, strict=True):
                signals.append(np.tanh(signals[-1] @ weight + bias))
            delta = (signals[-1] - targets[rows]) * (1 - signals[-1] ** 2)
            for layer in range(len(weights) - 1, -1, -1):
                weight_gradient = signals[layer].T @ delta / len(rows)
                bias_gradient = delta.mean(axis=0)
                if layer:
                    delta = (delta @ weights[layer].T) * (1 - signals[layer] ** 2)
                weights[layer] -= 0.03 * weight_gradient
                biases[layer] -= 0.03 * bias_gradient

    return _rate(epoch, seconds)


def scikit_learn(work: Work, seconds: float) -> float:
    """`MLPRegressor.partial_fit`, one call for each batch."""
    network: Any = import_module("sklearn.neural_network")  # has no types
    inputs, targets = _data(work)
    model = network.MLPRegressor(
        hidden_layer_sizes=work.sizes[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0,
        momentum=0,
        learning_rate_init=0.03,
    )
    rng = np.random.default_rng(0)

    def epoch() -> None:
        order = rng.permutation(SAMPLES)
        for start in range(0, SAMPLES, work.batch_size):
            rows = order[start : start + work.batch_size]
            model.partial_fit(inputs[rows], targets[rows, 0])

    return _rate(epoch, seconds)


def pytorch_eager(work: Work, seconds: float) -> float:
    """A `Sequential` with one thread."""
    torch: Any = import_module("torch")  # an optional extra, which type checkers need not find
    torch.set_num_threads(1)
    inputs, targets = (torch.from_numpy(array) for array in _data(work))
    layers: list[Any] = []
    for fan_in, fan_out in pairwise(work.sizes):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)

    def epoch() -> None:
        order = torch.randperm(SAMPLES)
        for rows in order.split(work.batch_size):
            optimizer.zero_grad()
            loss = 0.5 * ((model(inputs[rows]) - targets[rows]) ** 2).mean()
            loss.backward()
            optimizer.step()

    return _rate(epoch, seconds)


def peers() -> Mapping[str, Peer]:
    """Who can be measured here."""
    found: dict[str, Peer] = {"NumPy by hand": numpy_by_hand, "scikit-learn": scikit_learn}
    if find_spec("torch"):
        found["PyTorch eager, 1 thread"] = pytorch_eager
    return found


def _data(work: Work) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    inputs = rng.uniform(-1, 1, (SAMPLES, work.sizes[0])).astype(np.float32)
    return inputs, np.sign(inputs[:, :1] * inputs[:, 1:2])


def _rate(epoch: Callable[[], None], seconds: float) -> float:
    """Samples per second, after one epoch to warm up."""
    epoch()
    began, epochs = perf_counter(), 0
    while perf_counter() - began < seconds:
        epoch()
        epochs += 1
    return epochs * SAMPLES / (perf_counter() - began)
