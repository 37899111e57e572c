"""A plane through a network's parameters, on which its loss is a landscape (Li et al. 2018). NumPy only."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Tensors = Mapping[str, np.ndarray]

_PASSES = 2
"""Orthogonalising twice leaves nothing but rounding, also where two draws happen to be nearly parallel."""


@dataclass(frozen=True, eq=False)
class Plane:
    """All parameters `centre` + x·`first` + y·`second`."""

    centre: Tensors
    first: Tensors
    second: Tensors

    def at(self, x: float, y: float) -> dict[str, np.ndarray]:
        """The parameters at a place, float32; exactly those of the network at (0, 0)."""
        with np.errstate(over="ignore"):
            return {
                name: (tensor + x * self.first[name] + y * self.second[name]).astype(np.float32)
                for name, tensor in self.centre.items()
            }


def random_plane(tensors: Tensors, rng: np.random.Generator) -> Plane:
    """A plane through `tensors`, by name `layers.0.weight` (…, units) and `layers.0.bias` (units,), and so on.

    Its directions are filter-normalised (Li et al. 2018, section 4) and orthogonal. A filter is all that comes into one
    unit: its weights and, as the weight of a constant input, its bias, which Li et al. leave where it is. So every
    filter has two numbers at least, and room for two directions. In this order, in float64 and filter by filter:
    both directions are drawn from a standard normal; the second is made orthogonal to the first; then each is scaled to
    the length of the network's filter, which keeps right angles. So in each filter both have the network's length and
    are orthogonal, and thus they are orthogonal as a whole. A filter of nothing but zeros stays as it is.
    """
    directions: tuple[dict[str, np.ndarray], dict[str, np.ndarray]] = ({}, {})
    for layer in dict.fromkeys(name.rpartition(".")[0] for name in tensors):
        weight, bias = tensors[f"{layer}.weight"], tensors[f"{layer}.bias"]
        filters = np.vstack([weight.reshape(-1, len(bias)), bias]).astype(np.float64)
        first, second = rng.standard_normal((2, *filters.shape))
        for _ in range(_PASSES):
            second -= first * (np.sum(first * second, axis=0) / np.sum(first * first, axis=0))
        for direction, drawn in zip(directions, (first, second), strict=True):
            scaled = drawn * (np.linalg.norm(filters, axis=0) / np.linalg.norm(drawn, axis=0))
            direction[f"{layer}.weight"], direction[f"{layer}.bias"] = scaled[:-1].reshape(weight.shape), scaled[-1]
    return Plane(tensors, *directions)


def places(side: int, span: float) -> np.ndarray:
    """An odd number of places (side,) from -`span` to `span`, exactly 0 in the middle."""
    half = side // 2
    return span * np.arange(-half, half + 1) / half


def outwards(side: int) -> list[tuple[int, int]]:
    """The rows and columns of a grid of side² points, the middle first."""
    rows, columns = np.indices((side, side)) - side // 2
    order = np.argsort((rows**2 + columns**2).ravel(), kind="stable").tolist()
    return [divmod(index, side) for index in order]
