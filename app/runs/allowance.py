"""How much a run may train: the steps that its speed allows it, and the time that is due to it beside others."""

from dataclasses import dataclass, field
from time import monotonic

PACE_SECONDS = 0.02
"""A call of a program costs as much as many steps, so steps are saved up this long; a frame comes less often."""
_KEPT_SECONDS = 0.25
"""Steps that could not be taken for longer than this, because the machine was busy, are not made up for."""
_SLOWER = 0.98
"""The rate falls by no more than this from slice to slice: most that took longer were only interrupted."""


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
    rate: float = 0.0
    """Steps per second as its slices went when nothing else was in the way; 0 while that is not known."""
    unwatched: float = 0.0
    """Time that was spent on it since somebody last watched it or pressed Play."""

    def fitting(self, seconds: float) -> int:
        """The steps that fit into so much time."""
        return max(1, int(self.rate * seconds))

    def charge(self, steps: int, elapsed: float, *, watched: bool) -> float:
        """A slice was taken. Returns what it cost: what its steps cost as a rule, whoever else used the machine."""
        first, self.rate = not self.rate, max(steps / elapsed, _SLOWER * self.rate)
        cost = min(self.credit, elapsed) if first else steps / self.rate
        self.credit -= cost
        self.unwatched = 0.0 if watched else self.unwatched + cost
        return cost
