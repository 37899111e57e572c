"""The time line of a run: moments that it keeps on its way, so as to go back to any that it has passed.

Kept are ends of epochs on a stride that doubles as the run goes on, so that they are few however long it trains; what
lies between is had again by doing what the journal tells, from the moment before. One thread changes it.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import numpy as np

from app.engine.checkpoint import Checkpoint, JournalEntry
from app.schemas.experiment import Experiment

MOST_KEPT = 32
MOST_BYTES = 8 * 2**20
"""Of the states that are kept of one run, all together; the moment at step 0 stays in any case."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A moment, and the Experiment as given that it belongs to."""

    experiment: Experiment
    checkpoint: Checkpoint

    @property
    def step(self) -> int:
        """Updates done."""
        return self.checkpoint.step


@dataclass(frozen=True)
class Ahead:
    """What a run that has gone back had passed already: what was done to it there, and how far it had come."""

    entries: tuple[JournalEntry, ...]
    step: int
    epoch: int


class Timeline:
    """See the module."""

    def __init__(self, present: Kept, beginning: Kept | None = None, ahead: Ahead | None = None) -> None:
        """That of a run which stands at `present`; `beginning` is its step 0, where that is another moment."""
        size = sum(np.asarray(leaf).nbytes for leaf in jax.tree.leaves(present.checkpoint.state))
        self._most = max(1, min(MOST_KEPT, MOST_BYTES // size))
        self.ahead = ahead
        self._kept: list[Kept] = []
        for kept in (beginning, present):
            if kept is not None:
                self.keep(kept)

    @property
    def kept(self) -> Sequence[Kept]:
        """In the order of their steps."""
        return self._kept

    @property
    def epochs(self) -> list[int]:
        """Those whose ends are kept."""
        return [kept.checkpoint.epoch for kept in self._kept]

    @property
    def beginning(self) -> Kept | None:
        """Step 0, where it is known."""
        return next((kept for kept in self._kept[:1] if kept.step == 0), None)

    def due(self, after: int, until: int) -> int | None:
        """Of the epochs after the one and up to the other whose ends are to be kept, the one that will be for longest.

        That is the multiple of the highest power of two.
        """
        stride, last = self._stride(until), None
        while (multiple := until - until % stride) > after:
            stride, last = 2 * stride, multiple
        return last

    def wants(self, epoch: int) -> bool:
        """Whether the end of this epoch is to be kept."""
        return epoch % self._stride(epoch) == 0

    def keep(self, kept: Kept) -> None:
        """Takes a moment in where it is wanted, and thins the others where the stride has grown."""
        epoch, place = kept.checkpoint.epoch, bisect_right(self._kept, kept.step, key=_step)
        known = place > 0 and self._kept[place - 1].step == kept.step
        if known or kept.checkpoint.position or not self.wants(epoch):
            return
        insort(self._kept, kept, key=_step)
        stride = self._stride(epoch)
        self._kept = [kept for kept in self._kept if kept.checkpoint.epoch % stride == 0]

    def before(self, *, epoch: int | None = None, step: int | None = None) -> Kept | None:
        """The last moment that is not after the end of that epoch, or after that step; None where it is not known."""
        if epoch is not None:
            place = bisect_right(self._kept, epoch, key=lambda kept: kept.checkpoint.epoch)
        else:
            place = bisect_right(self._kept, step or 0, key=_step)
        return self._kept[place - 1] if place else None

    def cut(self, step: int) -> None:
        """From this step on it goes another way: what was ahead is no more."""
        self.ahead = None
        self._kept = [kept for kept in self._kept if kept.step <= step]

    def switched(self, present: Kept, beginning: Kept | None, ahead: Ahead | None) -> "Timeline":
        """That of the run once it stands at another moment; of these here, those that lie on its way stay."""
        new = Timeline(present, beginning, ahead)
        way = (*present.checkpoint.journal, *(ahead.entries if ahead else ()))
        end = max(present.step, ahead.step if ahead else 0)
        if beginning and self.beginning and beginning.experiment == self.beginning.experiment:
            for kept in self._kept:
                if kept.step <= end and _lies_on(kept, way):
                    new.keep(kept)
        return new

    def _stride(self, epoch: int) -> int:
        last = self._kept[-1].checkpoint.epoch if self._kept else 0
        passed = max(epoch, last, self.ahead.epoch if self.ahead else 0)
        return 1 << (passed // self._most).bit_length()


def still_ahead(way: Sequence[JournalEntry], there: Checkpoint) -> tuple[JournalEntry, ...]:
    """Of all that was done to a run on its way, what comes after a moment on it."""
    done = sum(1 for entry in there.journal if entry.step == there.step)
    now = [entry for entry in way if entry.step == there.step]
    return (*now[done:], *(entry for entry in way if entry.step > there.step))


def _lies_on(kept: Kept, way: tuple[JournalEntry, ...]) -> bool:
    past = kept.checkpoint.journal
    following = way[len(past) :][:1]
    return way[: len(past)] == past and all(entry.step >= kept.step for entry in following)


def _step(kept: Kept) -> int:
    return kept.step
