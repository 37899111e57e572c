"""The parts of a frame, each a function from what was observed to JSON's types."""

from typing import Any

import numpy as np

from app.families.base import PlaneSetup
from app.probes.packing import PackedMap, pack, pack_index, pack_map, pack_maps
from app.probes.plane import feature_maps
from app.schemas.frame import SURFACE_SIDE

# The reference draws 30 shades; whoever wants a number asks for a prediction.
THUMBNAIL_SHADES = 52
BOUNDARY_SHADES = 86


def tensors_part(tensors: dict[str, np.ndarray]) -> dict[str, Any]:
    """Weights or gradients by layer, the output layer last."""
    layers: list[dict[str, Any]] = []
    for name, tensor in tensors.items():
        _, index, parameter = name.split(".")
        if int(index) == len(layers):
            layers.append({})
        layers[int(index)][parameter] = pack(tensor)
    return {"layers": layers}


def neurons_part(setup: PlaneSetup, thumbnails: list[np.ndarray]) -> dict[str, Any]:
    """A small map of every hidden neuron; `thumbnails` are (padded units, side, side) by layer.

    The range is symmetric and at least ±1, so that zero has the same colour everywhere.
    """
    layers: list[list[PackedMap]] = []
    for layer, maps in zip(setup.experiment.network.layers, thumbnails, strict=True):
        values = maps[: layer.units].astype(np.float64)
        largest = np.max(np.abs(values), axis=(1, 2), initial=1.0, where=np.isfinite(values))
        layers.append(pack_maps(values, -largest, largest, THUMBNAIL_SHADES))
    return {"layers": layers}


def inputs_part(setup: PlaneSetup) -> dict[str, Any]:
    """A small map of every feature; it changes only with the data."""
    return {"maps": [pack_map(values, -1.0, 1.0, THUMBNAIL_SHADES) for values in feature_maps(setup)]}


def boundary_part(setup: PlaneSetup, outputs: np.ndarray) -> dict[str, Any]:
    """The network's answer all over the plane; `outputs` are (padded outputs, side, side)."""
    dataset = setup.prepared.dataset
    part: dict[str, Any] = {"x_range": list(dataset.domain[0]), "y_range": list(dataset.domain[1])}
    classes = setup.prepared.targets.shape[1]
    if classes > 1:
        chosen = outputs[:classes]
        part["class"] = pack_index(np.argmax(chosen, axis=0))
        part["confidence"] = pack_map(_confidence(setup, chosen), 0.0, 1.0, BOUNDARY_SHADES)
        return part
    low, high = output_range(setup)
    part["value"] = pack_map(outputs[0], low, high, BOUNDARY_SHADES)
    return part


def surface_part(setup: PlaneSetup, outputs: np.ndarray) -> dict[str, Any]:
    """Each output as a surface over the plane, in the finest shades; `outputs` are (padded outputs, side, side)."""
    dataset = setup.prepared.dataset
    lines = np.linspace(0, outputs.shape[1] - 1, SURFACE_SIDE).round().astype(int)
    surfaces = outputs[: setup.prepared.targets.shape[1]][:, lines][:, :, lines]
    return {
        "x_range": list(dataset.domain[0]),
        "y_range": list(dataset.domain[1]),
        "outputs": [pack_map(surface, *extent(surface)) for surface in surfaces],
    }


def output_range(setup: PlaneSetup) -> tuple[float, float]:
    """The range of a single output that is drawn: that of its targets, symmetric and at least ±1 for values."""
    targets = setup.prepared.targets
    if setup.problem.task == "classification":
        return float(targets.min(initial=0.0) if targets.min() < 0 else 0.0), 1.0
    largest = max(1.0, float(np.abs(targets).max()))
    return -largest, largest


def extent(values: np.ndarray) -> tuple[float, float]:
    """The lowest and the highest finite value, a little apart where they are the same."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    magnitude = max(1.0, abs(low), abs(high))
    margin = 0.0 if high - low > 1e-6 * magnitude else 1e-3 * magnitude
    return low - margin, high + margin


def _confidence(setup: PlaneSetup, outputs: np.ndarray) -> np.ndarray:
    """How far the largest output is ahead, from 0 to 1; for softmax its probability."""
    if setup.experiment.network.output_activation == "softmax":
        return outputs.max(axis=0)
    ordered = np.sort(outputs, axis=0)
    return np.clip(ordered[-1] - ordered[-2], 0.0, 1.0)
