"""What parts the plane: the line of each unit of a network without hidden layers, and the samples that matter to it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.data.separability import overlap
from app.families.base import PlaneSetup

_FLAT = 1e-12


def separator_part(setup: PlaneSetup, tensors: Mapping[str, np.ndarray], mistake: int | None) -> dict[str, Any]:
    """A line for each unit, the sample of the last mistake, and what shows that no lines will do.

    A line runs `[x1, x2]` to `[x1, x2]` through the plane drawn, the positive side on its left; null where it is not
    within the plane. There are lines only where all features are x1 and x2 themselves: of others they are curves.
    """
    return {
        "lines": _lines(setup, tensors),
        "mistake": None if mistake is None else setup.prepared.points[mistake].tolist(),
        "overlap": _overlap(setup),
    }


def _lines(setup: PlaneSetup, tensors: Mapping[str, np.ndarray]) -> list[list[list[float]] | None]:
    transform = setup.prepared.transform
    weight, bias = (tensors[f"layers.0.{name}"].astype(np.float64) for name in ("weight", "bias"))
    if not set(transform.features) <= {"x1", "x2"}:
        return []
    scaled = weight / transform.divisor[:, None]
    slopes = np.zeros((2, weight.shape[1]))
    for index, feature in enumerate(transform.features):
        slopes[("x1", "x2").index(feature)] = scaled[index]
    offsets = bias - transform.offset @ scaled
    return [_segment(slope, float(offset), setup) for slope, offset in zip(slopes.T, offsets, strict=True)]


def _segment(slope: np.ndarray, offset: float, setup: PlaneSetup) -> list[list[float]] | None:
    """Where slope · x + offset = 0 enters and leaves the plane drawn."""
    low, high = np.array(setup.prepared.dataset.domain).T
    length = np.linalg.norm(slope)
    if length < _FLAT:
        return None
    foot, along = -offset * slope / length**2, np.array([slope[1], -slope[0]]) / length
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.sort([(low - foot) / along, (high - foot) / along], axis=0)
    inside = (foot >= low) & (foot <= high)
    parallel = np.abs(along) < _FLAT
    if (parallel & ~inside).any():
        return None
    enters = ends[0][~parallel].max()
    leaves = ends[1][~parallel].min()
    return [(foot + enters * along).tolist(), (foot + leaves * along).tolist()] if enters < leaves else None


def _overlap(setup: PlaneSetup) -> dict[str, Any] | None:
    """The samples of the certificate by side, and the common point where it can be drawn."""
    found, prepared = overlap(setup.prepared), setup.prepared
    if found is None:
        return None
    point = None
    if set(prepared.transform.features) == {"x1", "x2"}:
        raw = found.point * prepared.transform.divisor + prepared.transform.offset
        point = [float(raw[prepared.transform.features.index(axis)]) for axis in ("x1", "x2")]
    return {
        "point": point,
        "inside": prepared.points[list(found.inside)].tolist(),
        "outside": prepared.points[list(found.outside)].tolist(),
    }
