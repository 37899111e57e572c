"""Training on as many cores as there are: the turns of several runs are taken at once, each by a thread of its own.

The scheduler's thread waits for all of them, so that nothing else touches a run in the meantime.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

import jax

from app.engine.trainer import Report
from app.runs.rates import Rate, Rates
from app.runs.rhythm import FRAME_SECONDS, Rhythm
from app.runs.run import Run
from app.runs.turns import Turn
from app.runs.way import train

_TURNS_EACH = 2
"""A hand that is done early takes another turn meanwhile."""


@dataclass(frozen=True)
class Slice:
    """A turn of a run."""

    run: Run
    lag: float
    """Seconds that it came late."""
    rate: Rate
    outcome: Callable[[], tuple[Report, float]]
    """Returns what training did, and how long it took, or raises what it raised."""

    def settle(self) -> tuple[Report, float]:
        """What training did, and the seconds that it is charged for. Raises what it raised."""
        report, seconds = self.outcome()
        self.run.allowance.take(report.taken)
        return report, self.rate.note(report.taken, seconds)


class Crew:
    """See the module. Belongs to the scheduler's thread."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._rates = Rates()
        self._threads = ThreadPoolExecutor(cores, "trainer")

    def hands(self, rhythm: Rhythm) -> int:
        """How many runs train at once. In a crowd, for which frames come rarer, one core is left to show them."""
        crowded = rhythm.interval > FRAME_SECONDS
        return max(1, self._cores - crowded)

    def groups(self, turns: Sequence[Turn], hands: int) -> Iterator[Sequence[Turn]]:
        """The turns in groups to be taken together: some for each hand, so that none waits long for the slowest."""
        crowded = hands < self._cores
        size = hands if crowded or hands == 1 else _TURNS_EACH * hands
        return (turns[first : first + size] for first in range(0, len(turns), size))

    def train(self, turns: Sequence[Turn], pace: float) -> list[Slice]:
        """Slices of different runs. Those that a speed holds back are `pace` seconds apart at least.

        Where there is only one, it trains when it is settled: the scheduler's thread need not wait for another's.
        """
        slices = [self.slice(turn, pace) for turn in turns]
        if len(slices) < 2:
            return slices
        futures = [self._threads.submit(turn.outcome) for turn in slices]
        wait(futures)
        return [replace(turn, outcome=future.result) for turn, future in zip(slices, futures, strict=True)]

    def stop(self) -> None:
        """Ends its threads."""
        self._threads.shutdown()

    def slice(self, turn: Turn, pace: float) -> Slice:
        """A turn, for whoever takes it in another thread."""
        run, seconds = turn
        rate = self._rates.of(run.program, run.trainer)
        steps, left = rate.fitting(seconds), run.steps_to_goal()
        if run.paced:
            steps = min(steps, max(1, int(run.allowance.steps)))
        return Slice(run, run.late(pace), rate, partial(_timed, run, steps if left is None else min(steps, left)))


def _timed(run: Run, steps: int) -> tuple[Report, float]:
    began = perf_counter()
    report = train(run, steps)
    return report, perf_counter() - began


def cores() -> int:
    """How many cores training may use; an accelerator is one machine for all."""
    if jax.default_backend() != "cpu":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
