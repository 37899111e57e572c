"""A plane through a network's parameters, on which its loss is a landscape (Li et al. 2018). NumPy only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Tensors = Mapping[str, np.ndarray]

_PASSES = 2
"""Orthogonalising twice leaves nothing but rounding, also where two draws happen to be nearly parallel."""
_ROOM = 0.12
"""Beyond each end of a path, as a part of its length."""
_NARROWEST = 0.25


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


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A plane, and the way of a network as seen on it."""

    plane: Plane
    places: np.ndarray
    """(moments, 2) Where each moment is seen, straight from above; the network, which is the last, at (0, 0)."""
    shares: tuple[float, float]
    """How much of the way's variance each direction captures, from 0 to 1."""


def trajectory_plane(moments: Sequence[Tensors]) -> Trajectory:
    """The plane through a network along which it has moved most (Li et al. 2018, section 7).

    `moments` are its parameters in the order of training, its present ones last; of the others at least two differ
    from these. The directions are the first two principal components of the rows θᵢ - θₙ, not centred: the plane goes
    through the network and not through the middle of its way. They are orthogonal and of length 1, so that places tell
    distances between parameters, and point so that training begins at 0 or below in both.
    """
    network = moments[-1]
    ways = np.stack([_flat(moment) for moment in moments]) - _flat(network)
    # By way of the few rows' products: a decomposition of the rows themselves would take ten times as long.
    _, rotation = np.linalg.eigh(ways @ ways.T)
    directions = np.linalg.qr(ways.T @ rotation[:, :-3:-1])[0].T
    directions = directions * np.where(directions @ ways[0] > 0, -1, 1)[:, None]
    seen = ways @ directions.T
    first, second = (np.sum(seen**2, axis=0) / np.sum(ways**2)).tolist()
    plane = Plane(network, *(_named(direction, network) for direction in directions))
    return Trajectory(plane, seen, (first, second))


def places(side: int, low: float, high: float) -> np.ndarray:
    """`side` even places (side,) that reach from `low` < 0 to `high` > 0 or just beyond, exactly 0 among them."""
    before = min(range(1, side - 1), key=lambda count: max(-low / count, high / (side - 1 - count)))
    reach, count = max((-low, before), (high, side - 1 - before), key=lambda end: end[0] / end[1])
    return reach * np.arange(-before, side - before) / count


def room(seen: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """The two ends along each direction between which places (moments, 2) lie, (0, 0) among them, with room around.

    The shorter direction goes at least a part as far as the longer: else the least trembling would look like a turn.
    """
    low, high = seen.min(axis=0), seen.max(axis=0)
    lengths = np.maximum(high - low, _NARROWEST * np.max(high - low))
    reach = (0.5 + _ROOM) * lengths
    ends = np.stack([(low + high) / 2 - reach, (low + high) / 2 + reach], axis=1).tolist()
    return tuple(ends[0]), tuple(ends[1])


def outwards(x: np.ndarray, y: np.ndarray) -> list[tuple[int, int]]:
    """The rows and columns of a grid of places, the one at (0, 0) first and then those next to it."""
    rows, columns = np.indices((len(y), len(x)))
    distances = (rows - np.argmin(np.abs(y))) ** 2 + (columns - np.argmin(np.abs(x))) ** 2
    return [divmod(index, len(x)) for index in np.argsort(distances.ravel(), kind="stable").tolist()]


def _flat(tensors: Tensors) -> np.ndarray:
    """All parameters in one row, in float64."""
    return np.concatenate([tensor.ravel() for tensor in tensors.values()]).astype(np.float64)


def _named(row: np.ndarray, like: Tensors) -> Tensors:
    """The inverse of `_flat`."""
    parts = np.split(row, np.cumsum([tensor.size for tensor in like.values()])[:-1])
    return {name: part.reshape(tensor.shape) for part, (name, tensor) in zip(parts, like.items(), strict=True)}
