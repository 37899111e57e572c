"""What all kinds of data share on the way to the network: the split into parts, and labels as targets."""

import numpy as np
from numpy.typing import NDArray

from app.data.arrays import FloatArray
from app.data.streams import stream
from app.errors import InvalidInput
from app.schemas.data import Data
from app.schemas.picture_data import PictureData
from app.schemas.resolve import TargetEncoding


def split(samples: int, data: Data | PictureData, seed: int) -> tuple[NDArray[np.int64], tuple[int, int, int]]:
    """The order of `samples` rows, and how many of it are for training, validation and testing.

    It is that of the seed's stream "split", whatever the fractions. Raises InvalidInput where there are fewer rows than
    parts.
    """
    return stream(seed, "split").permutation(samples), split_counts(samples, data)


def split_counts(samples: int, data: Data | PictureData) -> tuple[int, int, int]:
    """How many of `samples` rows are for training, validation and testing.

    Shares are rounded; a part that was asked for gets at least one row, and testing always is. Raises InvalidInput
    where there are fewer rows than parts.
    """
    wanted = 3 if data.validation_fraction > 0 else 2
    if samples < wanted:
        raise InvalidInput.at("data.validation_fraction", f"{samples} samples cannot be split into {wanted} parts")
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
