"""The picture of a run in a list: what the network answers over the plane, in few pixels."""

import numpy as np
from pydantic_core import to_json

from app.families.base import PlaneSetup
from app.probes.parts import boundary_part


def thumbnail(setup: PlaneSetup, plane: np.ndarray) -> str:
    """The picture as JSON, as static/js/charts/thumbnail.js draws it; `plane` is a family's sketch."""
    return to_json({"boundary": boundary_part(setup, plane)}, inf_nan_mode="null").decode()
