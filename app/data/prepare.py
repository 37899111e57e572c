"""From a PointSet to what the network sees: split, features, scaling, targets. Called once for each start of a run."""

import numpy as np

from app.data.arrays import FloatArray
from app.data.dataset import PointSet, PreparedPoints
from app.data.features import Transform
from app.data.streams import stream
from app.errors import InvalidInput
from app.schemas.data import Data
from app.schemas.experiment import PlaneExperiment
from app.schemas.picture_data import PictureData
from app.schemas.resolve import TargetEncoding, target_encoding


def prepare(resolved: PlaneExperiment, dataset: PointSet) -> PreparedPoints:
    """The arrays that an Experiment trains and is judged on.

    `resolved` has its derived defaults filled in (app.schemas.resolve). The rows are permuted by the seed's stream
    "split", which does not depend on the fractions. Raises InvalidInput where there are too few points for the parts.
    """
    data, loss = resolved.data, resolved.training.loss
    if data.seed is None:
        raise ValueError("prepare needs a resolved Experiment")
    counts = split_counts(len(dataset.points), data)
    order = stream(data.seed, "split").permutation(len(dataset.points))
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


def split_counts(samples: int, data: Data | PictureData) -> tuple[int, int, int]:
    """How many of `samples` rows are for training, validation and testing.

    Shares are rounded; a part that was asked for gets at least one row, and testing always is. Raises InvalidInput
    where there are fewer rows than parts.
    """
    wanted = 3 if data.validation_fraction > 0 else 2
    if samples < wanted:
        raise InvalidInput.at("data.validation_fraction", f"{samples} points cannot be split into {wanted} parts")
    validation = max(1, round(samples * data.validation_fraction)) if wanted == 3 else 0
    train = max(1, round(samples * data.train_fraction))
    excess = max(0, train + validation + 1 - samples)
    from_train = min(excess, train - 1)
    train, validation = train - from_train, validation - (excess - from_train)
    return train, validation, samples - train - validation


def encode_targets(labels: FloatArray, encoding: TargetEncoding, classes: int) -> FloatArray:
    """Labels (n,) as targets (n, outputs): values as they are, classes as ±1, 0/1 or one column for each."""
    column = labels[:, np.newaxis]
    if encoding in ("value", "zero_one"):
        return column
    if encoding == "sign":
        return 2 * column - 1
    one_hot = (column == np.arange(classes)).astype(np.float64)
    return one_hot if encoding == "one_hot" else 2 * one_hot - 1
