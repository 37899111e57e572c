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

    labels: FloatArray
    """(n,) the value for regression, the class index 0 to classes − 1 for all else."""
    problem: Problem
    class_names: tuple[str, ...]
    """One for each class, none for regression. Of two classes, 0 is the negative one (−1), 1 the positive."""


@dataclass(frozen=True, eq=False)
class PointSet(Dataset):
    """Points in a plane."""

    points: FloatArray
    """(n, 2) raw coordinates x1 and x2."""
    axis_names: tuple[str, str]
    """What x1 and x2 are called."""
    domain: tuple[Interval, Interval]
    """The part of the plane that is drawn: lowest and highest x1, lowest and highest x2."""


@dataclass(frozen=True, eq=False)
class PictureSet(Dataset):
    """Pictures."""

    pictures: NDArray[np.float32]
    """(n, channels, height, width), each value from 0 to 1."""
    boxes: NDArray[np.float32] | None
    """(n, 4) where each picture's object is, for detection: the middle's x and y, width and height, as shares of the
    picture's side; y grows downwards."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the network sees: rows ordered train, then validation, then test."""

    dataset: Dataset
    labels: FloatArray
    """(n,) labels in this order."""
    inputs: NDArray[np.float32]
    """(n, features) after features and scaling."""
    targets: NDArray[np.float32]
    """(n, outputs) in the loss's encoding."""
    counts: tuple[int, int, int]
    """How many rows are for training, validation and testing."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What each input is called; nothing where they have no names."""
        return ()

    @property
    def shape(self) -> tuple[int, ...]:
        """How the inputs of one sample are arranged."""
        return self.inputs.shape[1:]


@dataclass(frozen=True, eq=False)
class PreparedPoints(Prepared):
    """Points, with what leads from them to inputs."""

    dataset: PointSet
    points: FloatArray
    """(n, 2) raw coordinates in this order."""
    transform: Transform
    """The way from raw coordinates to inputs, with the scaling that was fitted."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The features."""
        return self.transform.features


@dataclass(frozen=True, eq=False)
class PreparedPictures(Prepared):
    """Pictures; `inputs` are their values channel by channel, line by line. Targets of a detection are the class,
    one-hot, and the box."""

    dataset: PictureSet
    origins: NDArray[np.int64]
    """(n,) which picture of the dataset each row is, or was made from by augmentation."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of each picture."""
        channels, height, width = self.dataset.pictures.shape[1:]
        return channels, height, width
