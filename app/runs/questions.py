"""Questions about a network, which wait until it is compiled so far that it can be looked at."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.runs.futures import pass_error
from app.runs.run import Run
from app.runs.scheduler import Scheduler

Result = TypeVar("Result")


class Questions:
    """See the module."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._waiting: list[Callable[[], None]] = []
        """The scheduler's."""

    def ask(self, run: Run, answer: Callable[[], Result]) -> "Future[Result]":
        """What `answer` says in the scheduler's thread, or raises. Safe from any thread; nobody can cancel it."""
        done: Future[Result] = Future()
        done.set_running_or_notify_cancel()

        def answered() -> None:
            if run.program.observe is None and not run.program.error:
                self._waiting.append(attempt)
            else:
                done.set_result(answer())

        def attempt() -> None:
            self._scheduler.submit(answered).add_done_callback(lambda future: pass_error(future, done))

        attempt()
        return done

    def compiled(self) -> None:
        """Some network can be looked at, or never will be: those who wait try again. In the scheduler's thread."""
        waiting, self._waiting = self._waiting, []
        for attempt in waiting:
            attempt()
