"""How many steps a run's speed allows it, in slices that are worth their while."""

from dataclasses import dataclass, field
from time import monotonic

_PACE_SECONDS = 0.02
"""A call of a program costs as much as many steps, so steps are saved up this long; a frame comes less often."""
_KEPT_SECONDS = 0.25
"""Steps that could not be taken for longer than this, because the machine was busy, are not made up for."""


@dataclass
class Allowance:
    """Counts from its making on. Rates are in steps per second."""

    steps: float = 0.0
    """How many may be taken now."""
    _counted: float = field(default_factory=monotonic)
    _taken: float = 0.0

    def count(self, rate: float) -> float:
        """Adds what has come by. Returns the seconds until the next slice, 0 or less where it may be taken now."""
        now = monotonic()
        self.steps = min(self.steps + (now - self._counted) * rate, max(1.0, rate * _KEPT_SECONDS))
        self._counted = now
        return max((1 - self.steps) / rate, self._taken + _PACE_SECONDS - now)

    def take(self, steps: int) -> None:
        """Uses some up."""
        self.steps -= steps
        self._taken = monotonic()
