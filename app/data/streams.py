"""Named independent streams of random numbers from one seed: the one place where app.data gets randomness.

Two streams of one seed never share numbers, so a new split leaves the points where they are.
"""

import zlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """The stream `name` ("data", "split", "noise", "augment") of `seed` (0 to 2³² − 1), from its start.

    The name enters as its CRC-32, which, unlike Python's `hash`, is the same in every process.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),))
    return np.random.Generator(np.random.Philox(sequence))
