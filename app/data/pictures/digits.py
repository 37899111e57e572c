"""The handwritten digits that come with scikit-learn: they need no network."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import PictureSet
from app.data.pictures.selection import pick, sample_count
from app.schemas.picture_data import Digits
from app.schemas.resolve import Problem

DIGITS = tuple("0123456789")


def digits(spec: Digits, rng: np.random.Generator) -> PictureSet:
    """All of them, or `spec.samples` picked by `rng`, as many of each digit."""
    pictures, labels = _bundled()
    rows = pick(labels, sample_count(spec, pictures.shape[1:], labels.size), rng)
    return PictureSet(labels[rows].astype(np.float64), Problem("classification", 10), DIGITS, pictures[rows], None)


@cache
def _bundled() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Pictures (1797, 1, 8, 8) and the digits (1797,) that they show."""
    from sklearn.datasets import load_digits  # here, because it takes seconds

    bunch: Any = load_digits()
    return (bunch["images"][:, np.newaxis] / 16).astype(np.float32), bunch["target"].astype(np.int64)
