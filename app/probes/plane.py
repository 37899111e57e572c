"""The plane on which maps are drawn: a grid of points over the data's domain, as the network's inputs."""

from collections import OrderedDict
from threading import Lock

import jax
import numpy as np

from app.families.base import AnyFamily, PlaneSetup
from app.schemas.frame import BOUNDARY_SIDE, THUMBNAIL_SIDE

_KEPT = 32
_grids: OrderedDict[tuple[object, ...], np.ndarray] = OrderedDict()
_lock = Lock()


def grid_points(setup: PlaneSetup, side: int) -> np.ndarray:
    """The grid (side², 2), line by line from the lowest x2, each line from the lowest x1."""
    (low1, high1), (low2, high2) = setup.prepared.dataset.domain
    x2, x1 = np.meshgrid(np.linspace(low2, high2, side), np.linspace(low1, high1, side), indexing="ij")
    return np.column_stack([x1.ravel(), x2.ravel()])


def grid_inputs(family: AnyFamily, setup: PlaneSetup) -> np.ndarray:
    """The grid of BOUNDARY_SIDE² points as padded inputs. Runs that look at the same plane share it."""
    transform = setup.prepared.transform
    key = (
        family.name,
        setup.prepared.dataset.domain,
        transform.features,
        transform.offset.tobytes(),
        transform.divisor.tobytes(),
    )
    with _lock:
        if key not in _grids:
            _grids[key] = jax.device_put(family.features(transform(grid_points(setup, BOUNDARY_SIDE))))
            if len(_grids) > _KEPT:
                _grids.popitem(last=False)
        _grids.move_to_end(key)
        return _grids[key]


def feature_maps(setup: PlaneSetup) -> np.ndarray:
    """What each feature looks like on the plane: (features, THUMBNAIL_SIDE, THUMBNAIL_SIDE), within -1..1.

    Before scaling, divided by the largest magnitude, so that the picture shows the feature and not its scale.
    """
    inputs = setup.prepared.transform(grid_points(setup, THUMBNAIL_SIDE)).astype(np.float64)
    raw = inputs * setup.prepared.transform.divisor + setup.prepared.transform.offset
    largest = np.maximum(np.abs(raw).max(axis=0), 1e-12)
    return (raw / largest).T.reshape(-1, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
