"""The two shapes that data takes: as its spec describes it (Dataset) and as the network sees it (Prepared)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.data.arrays import FloatArray
from app.data.features import Transform
from app.schemas.data import Interval
from app.schemas.resolve import Problem


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a spec describes, before split and features."""

    points: FloatArray
    """(n, 2) raw coordinates x1 and x2."""
    labels: FloatArray
    """(n,) the value for regression, the class index 0 to classes − 1 for classification."""
    problem: Problem
    class_names: tuple[str, ...]
    """One for each class, none for regression. Of two classes, 0 is the negative one (−1), 1 the positive."""
    axis_names: tuple[str, str]
    """What x1 and x2 are called."""
    domain: tuple[Interval, Interval]
    """The part of the plane that is drawn: lowest and highest x1, lowest and highest x2."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the network sees: rows ordered train, then validation, then test."""

    dataset: Dataset
    points: FloatArray
    """(n, 2) raw coordinates in this order."""
    labels: FloatArray
    """(n,) labels in this order."""
    inputs: NDArray[np.float32]
    """(n, features) after features and scaling."""
    targets: NDArray[np.float32]
    """(n, outputs) in the loss's encoding."""
    counts: tuple[int, int, int]
    """How many rows are for training, validation and testing."""
    transform: Transform
    """The way from raw coordinates to inputs, with the scaling that was fitted."""
