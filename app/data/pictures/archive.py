"""Uploaded pictures as they are kept: all of one size, labelled, and the one form in which they are stored as bytes.

How uploads are read is app.data.pictures.uploads' affair, what an experiment sees of them app.data.pictures.own's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PictureArchive:
    """Pictures of two or more classes."""

    class_names: tuple[str, ...]
    """One for each class."""
    pictures: NDArray[np.uint8]
    """(n, 3, MAX_SIDE, MAX_SIDE) red, green and blue from 0 to 255."""
    labels: NDArray[np.int64]
    """(n,) indices of classes."""
