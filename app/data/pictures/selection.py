"""Which pictures are taken, and how many may be: each class alike, and no more than fits into memory."""

import numpy as np
from numpy.typing import NDArray

from app.errors import InvalidInput
from app.schemas.data import MAX_SAMPLES
from app.schemas.picture_data import PictureDataBase

MAX_VALUES = 8_000_000
"""Numbers in all pictures of a run together."""


def most_pictures(shape: tuple[int, int, int]) -> int:
    """How many pictures of `shape` (channels, height, width) a run may hold, copies included."""
    return min(MAX_SAMPLES, MAX_VALUES // int(np.prod(shape)))


def sample_count(spec: PictureDataBase, shape: tuple[int, int, int], available: int | None = None) -> int:
    """How many pictures of `shape` (channels, height, width) `spec` asks for.

    Where it does not say, these are the usual number, or all that there are. Raises InvalidInput where there are not
    so many, or where so many do not fit.
    """
    wanted = next(count for count in (spec.samples, spec.default_samples, available, 0) if count is not None)
    if available is not None and wanted > available:
        raise InvalidInput.at("data.samples", f"there are {available:,} pictures, not {wanted:,}")
    most = most_pictures(shape)
    if wanted > most:
        size = " × ".join(str(length) for length in shape)
        raise InvalidInput.at("data.samples", f"{wanted:,} pictures of {size} values are too many: {most:,} fit")
    return wanted


def pick(labels: NDArray[np.int64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Ascending indices of `count` of the pictures with `labels` (n,): as many of each class, as far as there are."""
    order = rng.permutation(labels.size)
    turn = np.empty(labels.size, dtype=np.int64)
    for label in np.unique(labels):
        mine = order[labels[order] == label]
        turn[mine] = np.arange(mine.size)
    return np.sort(order[np.argsort(turn[order], kind="stable")[:count]])
