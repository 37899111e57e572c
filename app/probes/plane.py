"""What each feature looks like on the plane."""

import numpy as np

from app.families.base import PlaneSetup
from app.families.plane import grid_points
from app.schemas.frame import THUMBNAIL_SIDE


def feature_maps(setup: PlaneSetup) -> np.ndarray:
    """What each feature looks like on the plane: (features, THUMBNAIL_SIDE, THUMBNAIL_SIDE), within -1..1.

    Before scaling, divided by the largest magnitude, so that the picture shows the feature and not its scale.
    """
    inputs = setup.prepared.transform(grid_points(setup, THUMBNAIL_SIDE)).astype(np.float64)
    raw = inputs * setup.prepared.transform.divisor + setup.prepared.transform.offset
    largest = np.maximum(np.abs(raw).max(axis=0), 1e-12)
    return (raw / largest).T.reshape(-1, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
