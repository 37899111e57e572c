"""Noise, the same for pictures and for changed copies of them."""

import numpy as np
from numpy.typing import NDArray


def with_noise(pictures: NDArray[np.float32], noise: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """`pictures` plus normal noise of deviation `noise` / 100, kept within 0 to 1; as they are where it is 0."""
    if noise == 0:
        return pictures
    disturbed = rng.standard_normal(pictures.shape, dtype=np.float32)
    disturbed *= noise / 100
    disturbed += pictures
    return disturbed.clip(0, 1, out=disturbed)
