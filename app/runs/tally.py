"""What the scheduler has done so far, counted."""

from bisect import bisect_left
from dataclasses import dataclass, field

LAG_SECONDS = (0.005, 0.02, 0.1, 0.25, 1.0)
"""Slices are told apart by how late they came."""


@dataclass
class Tally:
    """See the module. One thread counts, others may read."""

    steps: int = 0
    lags: list[int] = field(default_factory=lambda: [0] * (len(LAG_SECONDS) + 1))
    """Slices that came no later than each of LAG_SECONDS, but later than the one before; the last came later still."""
    lag_seconds: float = 0.0

    def add(self, steps: int, lag: float) -> None:
        """One slice of so many steps, that came `lag` seconds after it was due."""
        self.steps += steps
        self.lags[bisect_left(LAG_SECONDS, lag)] += 1
        self.lag_seconds += max(0.0, lag)
