"""What a network for pictures answers to each of its samples: what worst mistakes and calibration are made of."""

from dataclasses import dataclass

import numpy as np

from app.families.base import PictureSetup, Responses
from app.nn.metrics import box_overlap
from app.probes.predictions import predicted_classes
from app.schemas.resolve import BOX
from app.schemas.run import PARTS, Part

_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class Answers:
    """To the samples of one part, in their order."""

    rows: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray
    probability: np.ndarray
    """Of the predicted class, from 0 to 1."""
    loss: np.ndarray
    """−log of the right class's probability."""
    iou: np.ndarray | None


def answers_of(setup: PictureSetup, responses: Responses, part: Part) -> Answers:
    """`responses` are to all samples."""
    ends = np.cumsum((0, *setup.prepared.counts))
    index = PARTS.index(part)
    rows = np.arange(ends[index], ends[index + 1])
    outputs, labels = responses.outputs[rows], setup.prepared.labels[rows].astype(int)
    shares = probabilities(setup, outputs.astype(np.float64))
    detects = setup.problem.task == "detection"
    return Answers(
        rows=rows,
        labels=labels,
        predicted=predicted_classes(setup, outputs),
        probability=shares.max(axis=1),
        loss=-np.log(np.maximum(shares[np.arange(len(rows)), labels], _LEAST)),
        iou=np.asarray(box_overlap(outputs[:, -BOX:].T, setup.prepared.targets[rows, -BOX:].T)) if detects else None,
    )


def probabilities(setup: PictureSetup, outputs: np.ndarray) -> np.ndarray:
    """How sure a network is of each class, (n, classes). Outputs that are no probabilities are brought to 0..1, and
    made to sum up to 1."""
    targets = setup.prepared.targets
    if outputs.shape[1] == 1:
        low = float(min(0.0, targets.min()))
        positive = np.clip((outputs[:, 0] - low) / (1 - low), 0, 1)
        return np.stack([1 - positive, positive], axis=1)
    scores = outputs[:, : setup.problem.classes]
    if setup.experiment.network.output_activation == "softmax":
        return scores
    scores = np.maximum(scores - min(0.0, float(targets.min())), _LEAST)
    return scores / scores.sum(axis=1, keepdims=True)
