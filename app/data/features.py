"""From raw coordinates to the network's inputs: features of (x1, x2), then a scaling fitted on the training part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.data.arrays import FloatArray
from app.schemas.data import FeatureName, Scaling

FORMULAS: Mapping[FeatureName, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1**2,
    "x2^2": lambda x1, x2: x2**2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
    "cos(x1)": lambda x1, x2: np.cos(x1),
    "cos(x2)": lambda x1, x2: np.cos(x2),
    "radius": lambda x1, x2: np.sqrt(x1**2 + x2**2),
}

# Far from training points that all but coincide, a scaled feature would be infinite in float32.
LARGEST_INPUT = 1e30


@dataclass(frozen=True, eq=False)
class Transform:
    """Raw coordinates to inputs: (feature − offset) / divisor."""

    features: tuple[FeatureName, ...]
    offset: FloatArray
    """(features,) what is taken from each feature: its mean, its least value, or 0."""
    divisor: FloatArray
    """(features,) what each feature is then divided by: its deviation, its range, or 1."""

    @classmethod
    def fit(cls, features: tuple[FeatureName, ...], scaling: Scaling, points: FloatArray) -> Self:
        """The transform whose scaling is fitted to `points` (n, 2), which are the training part.

        `standard` uses the population's deviation (divided by n). A feature that is constant there is divided by 1.
        """
        values = compute_features(features, points)
        offset, divisor = np.zeros(len(features)), np.ones(len(features))
        if scaling == "standard":
            offset, divisor = values.mean(axis=0), values.std(axis=0)
        elif scaling == "min_max":
            offset, divisor = values.min(axis=0), np.ptp(values, axis=0)
        # The deviation of equal numbers need not be exactly 0, because their mean is rounded: ask for the range.
        constant = (np.ptp(values, axis=0) == 0) | (divisor == 0)
        return cls(features, offset, np.where(constant, 1.0, divisor))

    def __call__(self, points: FloatArray) -> NDArray[np.float32]:
        """The inputs (m, features) for `points` (m, 2), computed in float64 and rounded once."""
        values = compute_features(self.features, points)
        with np.errstate(over="ignore"):
            scaled = (values - self.offset) / self.divisor
        return np.clip(scaled, -LARGEST_INPUT, LARGEST_INPUT).astype(np.float32)


def compute_features(features: tuple[FeatureName, ...], points: FloatArray) -> FloatArray:
    """The features of `points` (m, 2), unscaled, in the order asked for: (m, features)."""
    return np.stack([FORMULAS[name](points[:, 0], points[:, 1]) for name in features], axis=1)
