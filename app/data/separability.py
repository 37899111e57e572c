"""Whether a plane can part a class from the others, and how widely; where none can, with a certificate.

Of two finite sets of points either a plane strictly parts them or their convex hulls meet (Minkowski; Farkas 1902). The
programme looks for a common point of the hulls; its basic solution names few samples, by Carathéodory's theorem.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import linprog, nnls

from app.data.arrays import FloatArray
from app.data.dataset import Prepared

_NEGLIGIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Overlap:
    """A point within the hull of a class and within that of all others: no plane parts the two."""

    label: int
    """The class."""
    point: FloatArray
    """(features,) as the network sees them: Σ weights · inputs of either side."""
    inside: dict[int, float]
    """Rows of the class with their weights, which are positive and sum to 1."""
    outside: dict[int, float]
    """Rows of the others, likewise."""

    @property
    def rows(self) -> tuple[int, ...]:
        """All that it is made of."""
        return (*self.inside, *self.outside)


@dataclass(frozen=True)
class Margin:
    """How widely a plane can part a class from all others. To all inputs belongs the constant 1 that a bias weighs."""

    margin: float
    """γ: the least target · (u · input), as large as any u of length 1 can make it."""
    radius: float
    """R: the length of the longest input."""

    def most_mistakes(self, start: float) -> int:
        """How often a perceptron can be wrong before it is right everywhere (Novikoff 1962).

        From weights of 0 it is (R/γ)². First weights, the bias with them, that are `start` learning rates long cost
        2·start/γ more: k mistakes move the weights by kγ at least along u, and grow their square by kR² at most.
        """
        return int((self.radius / self.margin) ** 2 + 2 * start / self.margin)


@lru_cache(maxsize=16)
def margins(prepared: Prepared) -> tuple[Margin, ...] | None:
    """The margin of each output, whose targets are ±1, over the training samples; None where one has none.

    γ is the distance of 0 from the hull of all target · input (the dual of the largest margin), which non-negative
    least squares finds exactly: with a further row that asks for weights of sum 1, the answer is off in length alone.
    """
    count = prepared.counts[0]
    inputs = np.column_stack([prepared.inputs[:count], np.ones(count)]).astype(np.float64)
    radius = float(np.linalg.norm(inputs, axis=1).max())
    found: list[Margin] = []
    for targets in prepared.targets[:count].T:
        signed = inputs * targets[:, None]
        weights, _ = nnls(np.vstack([signed.T / radius, np.ones(count)]), np.append(np.zeros(inputs.shape[1]), 1.0))
        margin = float(np.linalg.norm(weights @ signed) / weights.sum())
        if margin <= _NEGLIGIBLE * radius:
            return None
        found.append(Margin(margin, radius))
    return tuple(found)


@lru_cache(maxsize=16)
def overlap(prepared: Prepared) -> Overlap | None:
    """The first class whose training samples no plane parts from all others; None where each can be parted.

    Of two classes it is enough to look at one.
    """
    count, classes = prepared.counts[0], prepared.dataset.problem.classes
    inputs, labels = prepared.inputs[:count].astype(np.float64), prepared.labels[:count]
    for label in (1,) if classes == 2 else range(classes):
        common = _common_point(inputs, np.flatnonzero(labels == label), np.flatnonzero(labels != label))
        if common is not None:
            inside, outside = common
            point = np.sum([weight * inputs[row] for row, weight in inside.items()], axis=0)
            return Overlap(label, point, inside, outside)
    return None


def _common_point(
    inputs: FloatArray, inside: np.ndarray, outside: np.ndarray
) -> tuple[dict[int, float], dict[int, float]] | None:
    """Weights λ and μ, each of sum 1, for which Σλx over `inside` is Σμx over `outside`; None where there are none."""
    if not inside.size or not outside.size:
        return None
    # In units of the widest spread, so that the programme's tolerances mean the same for all data.
    scale = np.maximum(np.ptp(inputs, axis=0), _NEGLIGIBLE)
    points = (inputs - inputs.mean(axis=0)) / scale
    ones, zeros = np.ones(inside.size), np.zeros(outside.size)
    equalities = np.vstack(
        [
            np.hstack([points[inside].T, -points[outside].T]),
            np.concatenate([ones, zeros]),
            np.concatenate([0 * ones, zeros + 1]),
        ]
    )
    values = np.concatenate([np.zeros(inputs.shape[1]), [1.0, 1.0]])
    found = linprog(np.zeros(equalities.shape[1]), A_eq=equalities, b_eq=values, method="highs-ds")
    if found.x is None:
        return None
    weights = dict(zip(np.concatenate([inside, outside]).tolist(), found.x.tolist(), strict=True))
    kept = {row: weight for row, weight in weights.items() if weight > _NEGLIGIBLE}
    own = set(inside.tolist())
    return (
        {row: weight for row, weight in kept.items() if row in own},
        {row: weight for row, weight in kept.items() if row not in own},
    )
