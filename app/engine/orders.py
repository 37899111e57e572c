"""The order in which an epoch goes through the training part, drawn on the host many epochs at once.

A permutation drawn inside the loop costs more than a whole epoch of training; sorting a block of random keys with NumPy
costs 2 µs an epoch.
"""

import numpy as np
from jaxtyping import UInt16

from app.data.streams import stream
from app.engine.loop import ORDER_PADDING, epochs_per_block


class EpochOrders:
    """Orders of one run. The order of an epoch depends on seed and epoch alone."""

    def __init__(self, seed: int, train_rows: int, padded_rows: int, *, shuffle: bool) -> None:
        self._seed = seed
        self._train_rows = train_rows
        self._padded_rows = padded_rows
        self._shuffle = shuffle
        self.epochs = epochs_per_block(padded_rows)

    def block(self, index: int) -> UInt16[np.ndarray, "epochs places"]:
        """The orders of epochs index·epochs to (index + 1)·epochs - 1; places after the last sample hold a sample."""
        padded = np.zeros((self.epochs, self._padded_rows + ORDER_PADDING), np.uint16)
        padded[:, : self._train_rows] = np.arange(self._train_rows)
        if self._shuffle:
            # A random key of 48 bits with the index below it: sorting the keys shuffles the indices.
            rng = stream(self._seed, f"shuffle.{index}")
            keys = rng.integers(0, 2**48, (self.epochs, self._train_rows), np.uint64) << np.uint64(16)
            keys |= np.arange(self._train_rows, dtype=np.uint64)
            keys.sort(axis=1)
            padded[:, : self._train_rows] = keys & np.uint64(0xFFFF)
        return padded
