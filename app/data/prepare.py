"""From a PointSet to what the network sees: split, features, scaling, targets. Called once for each start of a run."""

import numpy as np

from app.data.dataset import PointSet, PreparedPoints
from app.data.features import Transform
from app.data.parts import encode_targets, split
from app.schemas.experiment import PlaneExperiment
from app.schemas.resolve import target_encoding


def prepare(resolved: PlaneExperiment, dataset: PointSet) -> PreparedPoints:
    """The arrays that an Experiment trains and is judged on.

    `resolved` has its derived defaults filled in (app.schemas.resolve). Raises InvalidInput where there are too
    few points for the parts.
    """
    data, loss = resolved.data, resolved.training.loss
    if data.seed is None:
        raise ValueError("prepare needs a resolved Experiment")
    order, counts = split(len(dataset.points), data, data.seed)
    points, labels = dataset.points[order], dataset.labels[order]
    transform = Transform.fit(data.features, data.scaling, points[: counts[0]])
    targets = encode_targets(labels, target_encoding(loss, dataset.problem), dataset.problem.classes)
    return PreparedPoints(
        dataset=dataset,
        points=points,
        labels=labels,
        inputs=transform(points),
        targets=targets.astype(np.float32),
        counts=counts,
        transform=transform,
    )
