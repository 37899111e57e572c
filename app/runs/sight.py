"""What is asked of runs that must be compiled to answer: it waits for the compiler, then for the scheduler."""

from collections.abc import Callable
from concurrent.futures import Future

from app.runs.futures import Result, fulfil, pass_error
from app.runs.run import Run
from app.runs.scheduler import Scheduler


class Sight:
    """See the module."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._waiting: list[Callable[[], None]] = []
        """What waits for a program. The scheduler's."""

    def submit(self, run: Run, job: Callable[[], Result], *, aside: bool = True) -> "Future[Result]":
        """Has `job` done once the run can be looked at, or never will: by the scheduler's thread, or `aside` where it
        touches nothing but the run. Safe from any thread.
        """
        done: Future[Result] = Future()
        done.set_running_or_notify_cancel()  # from here on nobody can cancel it

        def answer() -> None:
            if run.program.observe is None and not run.program.error:
                self._waiting.append(attempt)  # until the compiler says that something has changed
            elif aside:
                self._scheduler.aside.do(run, job, done)
            else:
                fulfil(done, job)

        def attempt() -> None:
            self._scheduler.submit(answer, run).add_done_callback(lambda future: pass_error(future, done))

        attempt()
        return done

    def compiled(self) -> None:
        """The compiler's word that some program can do more. Called in the scheduler's thread."""
        waiting, self._waiting = self._waiting, []
        for attempt in waiting:
            attempt()
