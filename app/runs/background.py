"""The one thread for long work that nobody must wait behind: a little of each piece of work in turn.

While runs train it rests after each step for as long as that took, so that they and their frames are not held up. The
visitor whose work it is pays for it.
"""

import logging
from abc import ABC, abstractmethod
from collections import deque
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, perf_counter, sleep

from app.errors import ComputationFailed, PlaygroundError
from app.runs.limits import Limits
from app.runs.scheduler import Scheduler

_TURN_SECONDS = 0.02
_WAIT_SECONDS = 0.05
"""What has to wait is asked so often whether it can go on."""
_STOP_SECONDS = 2.0
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
        """One short step more. Returns False where it has to wait for something first, which costs nothing."""

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
        """Ends the thread after the present step, which is waited for unless it is long. Only once it was started."""
        self._stopping = True
        self._queue.put(None)
        self._thread.join(timeout=_STOP_SECONDS)

    def add(self, work: Work) -> None:
        """Has it done, from now on."""
        self._queue.put(work)

    def _go_through(self) -> None:
        waiting: deque[tuple[float, Work]] = deque()
        """What has to wait, and until when."""
        while not self._stopping:
            while waiting and waiting[0][0] <= monotonic():
                self._queue.put(waiting.popleft()[1])
            try:
                work = self._queue.get(timeout=max(0.0, waiting[0][0] - monotonic()) if waiting else None)
            except Empty:
                continue
            if work is not None:
                going = self._attempt(work)
                if going and not work.over:
                    self._queue.put(work)
                elif not work.over:
                    waiting.append((monotonic() + _WAIT_SECONDS, work))

    def _attempt(self, work: Work) -> bool:
        """Whatever fails in one piece of work must not end the thread that all share. Returns whether it goes on."""
        try:
            return self._turn(work)
        except PlaygroundError as error:
            problem = error
        except Exception as error:
            _logger.exception("%s failed", work.title)
            problem = ComputationFailed(f"The server failed while {work.title}: {type(error).__name__}.")
        if not self._stopping:  # else it has not failed: the server is about to end
            work.fail(problem)
        return True

    def _turn(self, work: Work) -> bool:
        """As many steps as fit into a turn, but one at least."""
        spent, going = 0.0, True
        while going and spent < _TURN_SECONDS and not (work.over or self._stopping):
            began = perf_counter()
            going = work.go_on()
            if going:
                seconds = perf_counter() - began
                spent += seconds
                if self._scheduler.busy:
                    sleep(seconds)
        visitor = work.visitor
        if spent and not self._scheduler.submit(lambda: self._limits.used(visitor, spent)).result() and not work.over:
            work.spent(self._limits.spent_words(visitor))
        return going
