"""The parts of a frame that only a network for pictures has, each a function from what was observed to JSON's types."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.families.base import PictureSetup
from app.families.pictures import PictureObservation
from app.nn.metrics import box_overlap
from app.probes.packing import PackedMap, pack, pack_index, pack_map
from app.probes.predictions import predicted_classes
from app.schemas.resolve import BOX

MOST_MAPS = 16
"""Of each layer so many maps are shown in frames, and of a convolution so many filters and channels."""
MOST_BOXES = 24
MOST_EMBEDDED = 600
_LEAST_EMBEDDED, _MOST_VALUES = 100, 300_000
"""Of wide layers fewer samples are embedded: no more than have so many values, but this many at least."""
_DIRECTIONS, _ITERATIONS = 10, 8
_LEAST = 1e-6
_CONVOLUTION = 4
"""Axes of its weights."""


def maps_part(setup: PictureSetup, seen: PictureObservation, row: int) -> dict[str, Any]:
    """The chosen picture and what every layer makes of it, those that make maps with the first of them."""
    outputs = np.asarray(seen.outputs)[:, 0]
    return {
        "row": row,
        "label": int(setup.prepared.labels[row]),
        "predicted": int(predicted_classes(setup, outputs[None])[0]),
        "input": pack_map(setup.prepared.inputs[row].reshape(setup.prepared.shape), 0.0, 1.0),
        "layers": [_layer(np.asarray(values)) for values in seen.maps],
        "outputs": pack(outputs),
        "box": _box(setup, outputs, row) if setup.problem.task == "detection" else None,
    }


def _box(setup: PictureSetup, outputs: np.ndarray, row: int) -> dict[str, Any]:
    """Where the thing on a picture is, and how well the predicted box, the last of the outputs, lies upon it."""
    truth = setup.prepared.targets[row, -BOX:]
    return {"truth": truth.tolist(), "iou": float(box_overlap(outputs[-BOX:, None], truth[:, None])[0])}


def _layer(values: np.ndarray) -> dict[str, Any]:
    if values.ndim == 1:
        return {"shape": list(values.shape), "values": pack(values)}
    return {"shape": list(values.shape), "channels": len(values), "maps": symmetric_map(values[:MOST_MAPS])}


def symmetric_map(values: np.ndarray) -> PackedMap:
    """In a range around 0, so that zero has the same colour everywhere."""
    finite = values[np.isfinite(values)]
    largest = max(_LEAST, float(np.abs(finite).max(initial=0.0)))
    return pack_map(values, -largest, largest)


def filters_part(tensors: Mapping[str, np.ndarray], first: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The weights of each convolution, and how they have changed since the start.

    Both by name, a convolution's (kernel, kernel, in, out). Maps are (out, in, kernel, kernel). `moved` is for each
    filter ‖now − first‖ / ‖first‖.
    """
    layers: list[dict[str, Any]] = []
    for name, now in tensors.items():
        if now.ndim != _CONVOLUTION or name.count(".") > 2:  # those within a residual block have longer names
            continue
        change = now - first[name]
        lengths = (np.linalg.norm(values.reshape(-1, values.shape[-1]), axis=0) for values in (change, first[name]))
        moved, from_ = lengths
        layers.append(
            {
                "layer": int(name.split(".")[1]),
                "shape": list(now.shape),
                "weights": symmetric_map(_shown(now)),
                "change": symmetric_map(_shown(change)),
                "moved": (moved / np.maximum(from_, _LEAST))[:MOST_MAPS].tolist(),
            }
        )
    return {"layers": layers}


def _shown(weights: np.ndarray) -> np.ndarray:
    return weights.transpose(3, 2, 0, 1)[:MOST_MAPS, :MOST_MAPS]


def embedding_part(setup: PictureSetup, seen: PictureObservation) -> dict[str, Any]:
    """What the output layer sees of some samples, along the two directions in which that varies most.

    The directions are principal components (Pearson 1901); each points so that its largest part is positive, lest the
    picture flips from frame to frame.
    """
    rows, values = embedded_samples(setup, seen)
    centred = values - values.mean(axis=0)
    directions = _principal_directions(centred)
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=0)[None], axis=0)
    points = centred @ (directions * np.where(largest < 0, -1, 1))
    points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
    shares = np.sum(points**2, axis=0) / max(_LEAST, float(np.sum(centred**2)))
    return {
        "points": pack(points),
        "labels": pack_index(setup.prepared.labels[rows]),
        "rows": rows.tolist(),
        "shares": shares.tolist(),
    }


def _principal_directions(centred: np.ndarray) -> np.ndarray:
    """The two directions in which samples (n, values) vary most, as columns; one where there is only one value.

    By subspace iteration from random directions (Halko et al. 2011, algorithm 4.4), which takes a twentieth of the time
    of an exact decomposition.
    """
    found = np.linalg.qr(np.random.default_rng(0).standard_normal((centred.shape[1], _DIRECTIONS)))[0]
    for _ in range(_ITERATIONS):
        found = np.linalg.qr(centred.T @ (centred @ found))[0]
    turned = np.linalg.svd(centred @ found, full_matrices=False)[2].T
    return found @ turned[:, :2]


def embedded_samples(setup: PictureSetup, seen: PictureObservation) -> tuple[np.ndarray, np.ndarray]:
    """The rows (n,) of the samples that embeddings show, spread over all parts, and what the output layer sees of them
    (n, units): finite."""
    embedding, count = np.asarray(seen.embedding), len(setup.prepared.inputs)
    most = min(count, MOST_EMBEDDED, max(_LEAST_EMBEDDED, _MOST_VALUES // len(embedding)))
    rows = np.unique(np.linspace(0, count - 1, most).round().astype(int))
    values = embedding[:, rows].T.astype(np.float64)
    return rows, np.where(np.isfinite(values), values, 0.0)


def boxes_part(setup: PictureSetup, seen: PictureObservation) -> dict[str, Any]:
    """Where the network sees what it was to find on the first test pictures; nothing where it finds no boxes."""
    if setup.problem.task != "detection":
        return {"rows": [], "truth": pack(np.zeros((0, BOX))), "predicted": pack(np.zeros((0, BOX)))} | {
            "classes": [],
            "iou": [],
        }
    first, count = sum(setup.prepared.counts[:2]), len(setup.prepared.inputs)
    rows = np.arange(first, min(count, first + MOST_BOXES))
    outputs, truth = np.asarray(seen.answers).T[rows], setup.prepared.targets[rows, -BOX:]
    return {
        "rows": rows.tolist(),
        "truth": pack(truth),
        "predicted": pack(outputs[:, -BOX:]),
        "classes": predicted_classes(setup, outputs).tolist(),
        "iou": box_overlap(outputs[:, -BOX:].T, truth.T).tolist(),
    }
