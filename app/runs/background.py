"""The one thread for long work that nobody must wait behind: a little of each piece of work in turn.

It rests after each step for as long as that took, so that runs and their frames are not held up. The visitor whose work
it is pays for it.
"""

import logging
from abc import ABC, abstractmethod
from queue import SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from app.errors import ComputationFailed, PlaygroundError
from app.runs.limits import Limits
from app.runs.scheduler import Scheduler

_TURN_SECONDS = 0.02
_logger = logging.getLogger(__name__)


class Work(ABC):
    """Something long, done step by step. All of it but what a subclass says happens in the background's thread."""

    visitor: str
    """Whose it is."""
    title: str
    """What is done, in words such as “drawing a loss landscape”."""

    @property
    @abstractmethod
    def over(self) -> bool:
        """Whether it is not to be gone on with: it is done, or nobody wants it any more."""

    @abstractmethod
    def go_on(self) -> bool:
        """One short step more. Returns False where it has to wait for something first."""

    @abstractmethod
    def fail(self, problem: PlaygroundError) -> None:
        """It cannot be gone on with."""

    @abstractmethod
    def spent(self, words: str) -> None:
        """Its visitor has used up all compute time, as these words say."""


class Background:
    """See the module. `add` is safe from any thread."""

    def __init__(self, scheduler: Scheduler, limits: Limits) -> None:
        self._scheduler = scheduler
        self._limits = limits
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._stopping = False
        # No daemon: Python's end waits for it, since it would abort the process while it is inside XLA.
        self._thread = Thread(target=self._go_through, name="background")

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the present step; does not wait. Must be called once it was started."""
        self._stopping = True
        self._queue.put(None)

    def add(self, work: Work) -> None:
        """Has it done, from now on."""
        self._queue.put(work)

    def _go_through(self) -> None:
        while not self._stopping and (work := self._queue.get()) is not None:
            self._attempt(work)
            if not work.over:
                self._queue.put(work)

    def _attempt(self, work: Work) -> None:
        """Whatever fails in one piece of work must not end the thread that all share."""
        try:
            self._turn(work)
        except PlaygroundError as error:
            work.fail(error)
        except Exception as error:
            _logger.exception("%s failed", work.title)
            work.fail(ComputationFailed(f"The server failed while {work.title}: {type(error).__name__}."))

    def _turn(self, work: Work) -> None:
        """As many steps as fit into a turn, but one at least."""
        spent, going = 0.0, True
        while going and spent < _TURN_SECONDS and not (work.over or self._stopping):
            began = perf_counter()
            going = work.go_on()
            seconds = perf_counter() - began
            spent += seconds
            sleep(seconds if going else _TURN_SECONDS)
        visitor = work.visitor
        if not self._scheduler.submit(lambda: self._limits.used(visitor, spent)).result() and not work.over:
            work.spent(self._limits.spent_words(visitor))
