"""What was seen of a run when it was last looked at."""

from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from app.engine.trainer import Metrics
from app.families.base import Observation


@dataclass
class Seen:
    """Exact for the parameters at `step` in `revision`."""

    revision: int = -1
    step: int = -1
    epoch: int = 0
    metrics: Metrics | None = None
    sketch: np.ndarray | None = None
    """What it answers over the plane, for its picture in a list."""
    picture: int = -1
    """The row of the sample that was looked into."""
    observation: Observation | None = None
    """What frames are made of, for those who watch a heavy run."""
    seconds: float = 0.0
    """How long the look took."""
    at: float = field(default_factory=monotonic)
