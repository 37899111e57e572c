"""How much a run may train: the steps that its speed allows it, and the time that is due to it beside others."""

from dataclasses import dataclass, field
from time import monotonic

PACE_SECONDS = 0.02
"""A call of a program costs as much as many steps, so steps are saved up this long; a frame comes less often."""
_KEPT_SECONDS = 0.25
"""Steps that could not be taken for longer than this, because the machine was busy, are not made up for."""


@dataclass
class Allowance:
    """Counts from its making on. Rates are in steps per second."""

    steps: float = 0.0
    """How many may be taken now."""
    taken: float = 0.0
    """When some were taken last."""
    _counted: float = field(default_factory=monotonic)

    def count(self, rate: float, pace: float = PACE_SECONDS) -> float:
        """Adds what has come by. Returns the seconds until the next slice, 0 or less where it may be taken now."""
        now = monotonic()
        self.steps = min(self.steps + (now - self._counted) * rate, max(1.0, rate * max(_KEPT_SECONDS, 2 * pace)))
        self._counted = now
        return max((1 - self.steps) / rate, self.taken + pace - now)

    def take(self, steps: int) -> None:
        """Uses some up."""
        self.steps -= steps
        self.taken = monotonic()


@dataclass
class Claim:
    """One run's claim to the machine's time. Times are in seconds."""

    credit: float = 0.0
    """Time that is due to it; less than nothing where it had more."""
    unwatched: float = 0.0
    """Time that was spent on it since somebody last watched it or pressed Play."""

    def charge(self, cost: float, *, watched: bool) -> None:
        """It has had so much of it."""
        self.credit -= cost
        self.unwatched = 0.0 if watched else self.unwatched + cost
