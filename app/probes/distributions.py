"""How weights, gradients and signals are distributed, layer by layer, the output layer last."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from app.families.base import PlaneSetup
from app.schemas.frame import HISTOGRAM_BINS

# Values that are all the same still get bins that can be told apart.
_LEAST_SPREAD = 1e-9
_RELATIVE_SPREAD = 0.05


class Histogram(TypedDict):
    """Equal bins from `low` to `high`; what is not finite is not counted."""

    low: float
    high: float
    counts: list[int]


def histogram(values: np.ndarray) -> Histogram:
    """HISTOGRAM_BINS bins over the range of `values`."""
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if high - low < _LEAST_SPREAD + 1e-6 * abs(low):
        margin = max(_LEAST_SPREAD, _RELATIVE_SPREAD * abs(low))
        low, high = low - margin, high + margin
    counts, _ = np.histogram(finite, HISTOGRAM_BINS, (low, high))
    return {"low": low, "high": high, "counts": counts.tolist()}


def tensor_histograms_part(tensors: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Of the weights of each layer, or of their gradients; biases are too few to count."""
    return {"layers": [histogram(tensor) for name, tensor in tensors.items() if name.endswith(".weight")]}


def norms_part(tensors: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The Euclidean norm of each layer's tensors together: of `layers.0.weight` and `layers.0.bias`, and so on."""
    squares: dict[str, float] = {}
    for name, tensor in tensors.items():
        layer = name.rpartition(".")[0]
        squares[layer] = squares.get(layer, 0.0) + float(np.sum(tensor.astype(np.float64) ** 2))
    return {"layers": [float(np.sqrt(square)) for square in squares.values()]}


def activation_histograms_part(
    setup: PlaneSetup, pre_activations: Sequence[np.ndarray], hidden: Sequence[np.ndarray], outputs: np.ndarray
) -> dict[str, Any]:
    """What each layer's activation function is given, and what it makes of it, over the samples at hand.

    `pre_activations` and `hidden` are (padded units, samples) by layer, `outputs` (samples, outputs).
    """
    count = setup.prepared.counts[0]  # training samples come first, and hidden layers are told of a share of them
    units = [*(layer.units for layer in setup.experiment.network.layers), outputs.shape[1]]
    activations = [*hidden, outputs[: pre_activations[-1].shape[1]].T]
    layers = zip(units, pre_activations, activations, strict=True)
    return {
        "layers": [
            {"pre_activation": histogram(before[:real, :count]), "activation": histogram(after[:real, :count])}
            for real, before, after in layers
        ]
    }
