"""What a network answers to its data, beside what was right: by part, as a confusion matrix or as pairs."""

from typing import Any

import numpy as np

from app.families.base import Setup
from app.probes.packing import pack
from app.schemas.run import PARTS

MOST_PAIRS = 500
"""Of a regression, this many samples of each part are told."""


def predictions_part(setup: Setup, outputs: np.ndarray) -> dict[str, Any]:
    """`outputs` are (samples, outputs) in the order of the samples; a part that has none is null."""
    ends = np.cumsum(setup.prepared.counts)[:-1]
    by_part = zip(PARTS, np.split(setup.prepared.labels, ends), np.split(outputs, ends), strict=True)
    if setup.problem.task == "regression":
        values = {part: _pairs(labels, answers[:, 0]) if len(labels) else None for part, labels, answers in by_part}
        return {"values": values}
    classes = setup.problem.classes
    matrices = {
        part: confusion(labels.astype(int), predicted_classes(setup, answers), classes) if len(labels) else None
        for part, labels, answers in by_part
    }
    return {"confusion": matrices}


def predicted_classes(setup: Setup, outputs: np.ndarray) -> np.ndarray:
    """The class (n,) that outputs (n, outputs) stand for: the largest, or the side of the middle that the one is on."""
    if outputs.shape[1] > 1:
        return np.argmax(outputs[:, : setup.problem.classes], axis=1)
    threshold = 0.0 if setup.prepared.targets.min() < 0 else 0.5
    return (outputs[:, 0] >= threshold).astype(int)


def confusion(actual: np.ndarray, predicted: np.ndarray, classes: int) -> list[list[int]]:
    """How often each actual class (rows) was taken for each class (columns)."""
    counts = np.bincount(actual * classes + predicted, minlength=classes**2)
    return counts.reshape(classes, classes).tolist()


def _pairs(targets: np.ndarray, outputs: np.ndarray) -> dict[str, Any]:
    every = -(-len(targets) // MOST_PAIRS)
    return {"targets": pack(targets[::every]), "outputs": pack(outputs[::every])}
