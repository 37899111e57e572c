"""How each hidden layer sees the plane: a grid of points over it and the data, as the layer's answers place them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from app.families.base import PlaneSetup
from app.probes.packing import PackedMap, pack_map
from app.probes.parts import extent

MOST_POINTS = 200
"""Of the training samples this many are placed."""


class Places(NamedTuple):
    """Where a layer places a grid and samples, in two dimensions."""

    grid: np.ndarray
    """(2, points)"""
    samples: np.ndarray
    """(2, samples)"""
    share: float | None
    """The share of the samples' variance that two dimensions show; None where the layer has no more."""


def space_part(setup: PlaneSetup, thumbnails: Sequence[np.ndarray], hidden: Sequence[np.ndarray]) -> dict[str, Any]:
    """Every `stride`-th training sample, and the grid of THUMBNAIL_SIDE² points, by layer.

    `thumbnails` are (padded units, side, side), `hidden` (padded units, samples) by layer.
    """
    train, layers = setup.prepared.counts[0], list[dict[str, Any]]()
    stride = -(-train // MOST_POINTS)
    for layer, maps, answers in zip(setup.experiment.network.layers, thumbnails, hidden, strict=True):
        samples = _finite(answers[: layer.units, :train:stride])
        points = setup.prepared.points[:train:stride][: samples.shape[1]]
        placed = places(_finite(maps[: layer.units].reshape(layer.units, -1)), samples, points)
        packed = [_packed(*both, maps.shape[1:]) for both in zip(placed.grid, placed.samples, strict=True)]
        grids, shown = zip(*packed, strict=True)
        layers.append({"grid": grids, "samples": shown, "share": placed.share})
    return {"stride": stride, "layers": layers}


def places(grid: np.ndarray, samples: np.ndarray, points: np.ndarray) -> Places:
    """What two dimensions show of a layer's answers to a grid (units, points) and to samples (units, samples).

    Of two units they are the answers themselves, of one unit there is but one dimension. Of more they are the samples'
    first two principal components, turned and mirrored so that samples lie as close as can be to where they lie on the
    plane, at raw `points` (samples, 2): else components would change places and signs from one frame to the next.
    """
    if len(grid) <= 2:
        missing = ((0, 2 - len(grid)), (0, 0))
        return Places(np.pad(grid, missing), np.pad(samples, missing), None)
    middle = samples.mean(axis=1, keepdims=True)
    variances, directions = np.linalg.eigh((samples - middle) @ (samples - middle).T)
    components = directions[:, -2:]
    # Orthogonal Procrustes (Schönemann 1966).
    left, _, right = np.linalg.svd(components.T @ (samples - middle) @ (points - points.mean(axis=0)))
    turned = (components @ left @ right).T
    total = float(variances.sum())
    share = float(variances[-2:].sum()) / total if total > 0 else 1.0
    return Places(turned @ (grid - middle), turned @ (samples - middle), share)


def _packed(grid: np.ndarray, samples: np.ndarray, shape: tuple[int, ...]) -> tuple[PackedMap, PackedMap]:
    """One coordinate of both, in one range."""
    low, high = extent(np.concatenate([grid, samples]))
    return pack_map(grid.reshape(shape), low, high), pack_map(samples[None], low, high)


def _finite(values: np.ndarray) -> np.ndarray:
    """In float64, with the largest numbers of float32 for what is infinite, since decompositions take finite ones."""
    largest = float(np.finfo(np.float32).max)
    return np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=largest, neginf=-largest)
