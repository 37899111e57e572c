"""How fast programs train: what decides how many steps fit into a turn, and what a turn costs.

Runs of one program share what is known of it. Each alone would learn it from a few turns that are hardly longer than
the call itself, and those that were interrupted in them would get ever fewer steps than the others.
"""

from time import monotonic
from weakref import WeakKeyDictionary

from app.engine.program import Program
from app.engine.trainer import Trainer

_CALL_SECONDS = 0.0002
"""What a call of a program costs however few steps it takes, about."""
_HALF_SECONDS = 1.0
"""A rate falls by half in this time where all turns are slower: most are only interrupted."""
_LONGEST_SECONDS = 0.05
"""No turn makes it fall by more than it would in this time."""


class Rate:
    """Of one program, with batches of one size."""

    def __init__(self) -> None:
        self._steps_per_second = 0.0
        """As turns went when nothing else was in the way; 0 while that is not known."""
        self._noted = 0.0

    def fitting(self, seconds: float) -> int:
        """The steps that fit into so much time."""
        return max(1, int(self._steps_per_second * _for_steps(seconds)))

    def note(self, steps: int, elapsed: float) -> float:
        """A turn was taken. Returns the seconds that it costs: what its steps cost as a rule, whoever else was busy."""
        known, now = self._steps_per_second, monotonic()
        fallen = known * 0.5 ** (min(now - self._noted, _LONGEST_SECONDS) / _HALF_SECONDS)
        self._steps_per_second, self._noted = max(steps / _for_steps(elapsed), fallen), now
        return min(elapsed, _CALL_SECONDS + (steps / self._steps_per_second if known else 0.0))


class Rates:
    """Those of all programs that are in use by one thread."""

    def __init__(self) -> None:
        self._rates: WeakKeyDictionary[Program, dict[int, Rate]] = WeakKeyDictionary()

    def of(self, program: Program, trainer: Trainer) -> Rate:
        """That of a network as it trains now."""
        size = trainer.setup.experiment.training.batch_size
        return self._rates.setdefault(program, {}).setdefault(size, Rate())


def _for_steps(seconds: float) -> float:
    """What is left of a turn for its steps."""
    return max(seconds - _CALL_SECONDS, seconds / 2)
