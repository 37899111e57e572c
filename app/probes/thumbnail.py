"""The picture of a run in a list: what the network answers over the plane, in few pixels."""

import numpy as np
from pydantic_core import to_json

from app.families.base import PlaneSetup
from app.probes.parts import boundary_part
from app.schemas.frame import BOUNDARY_SIDE

SIDE = 25

_LINES = np.linspace(0, BOUNDARY_SIDE - 1, SIDE).round().astype(int)


def small_plane(outputs: np.ndarray) -> np.ndarray:
    """Some of what was observed; `outputs` are (padded outputs, BOUNDARY_SIDE, BOUNDARY_SIDE)."""
    return outputs[:, _LINES[:, None], _LINES]


def thumbnail(setup: PlaneSetup, plane: np.ndarray) -> str:
    """The picture as JSON, as static/js/charts/thumbnail.js draws it; `plane` is what `small_plane` gives."""
    return to_json({"boundary": boundary_part(setup, plane)}, inf_nan_mode="null").decode()
