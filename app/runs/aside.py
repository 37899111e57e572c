"""A thread for what takes long with one run, so that all other runs go on meanwhile.

Heavy runs train and are looked at there. Until such a run is back nothing else touches it: what is asked of it waits.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from app.runs.futures import fulfil
from app.runs.observer import Observer
from app.runs.run import Run

Result = TypeVar("Result")
Job = Callable[[], None]


class Aside:
    """See the module. Belongs to the scheduler's thread."""

    def __init__(self, observer: Observer, put: Callable[[Job], None], attempt: Callable[[Run, Job], None]) -> None:
        """`put` has the scheduler's thread do something, `attempt` does it and has the run fail where it fails."""
        self._observer = observer
        self._put = put
        self._attempt = attempt
        self._thread = ThreadPoolExecutor(1, "aside")
        self._waiting: dict[str, list[Job]] = {}
        """What waits for each run that is away, by its id."""
        self._ending = False

    def stop(self) -> None:
        """Ends the thread. What it is doing is waited for; nothing is done aside any more."""
        self._ending = True
        self._thread.shutdown()

    def has(self, run: Run) -> bool:
        """Whether the run is away."""
        return run.id in self._waiting

    def takes(self, run: Run) -> bool:
        """Whether what takes long with this run is done aside."""
        return run.heavy and not self._ending

    def take(self, run: Run, work: Callable[[], Result], then: "Callable[[Future[Result]], None]") -> None:
        """The run goes away for `work`, which may touch nothing else; `then` is called when it is back."""
        self._waiting[run.id] = []
        future = self._thread.submit(work)
        future.add_done_callback(lambda done: self._put(partial(self._back, run, partial(then, done))))

    def wait(self, run: Run, job: Job) -> None:
        """Has something done when the run is back, after what was asked of it before."""
        self._waiting[run.id].append(job)

    def see(self, run: Run, then: Job) -> None:
        """Does `then`, which looks at the run, once that takes no time: at once, unless the run is heavy.

        Whoever calls this leaves the run alone afterwards.
        """
        if self.has(run):
            self.wait(run, partial(self.see, run, then))
        elif self.takes(run) and not self._observer.knows(run):

            def seen(looked: "Future[None]") -> None:
                self._attempt(run, looked.result)
                self._attempt(run, then)

            self.take(run, partial(self._observer.see, run), seen)
        else:
            then()

    def do(self, run: Run, job: Callable[[], Result], done: "Future[Result]") -> None:
        """Does what touches nothing but a run that is here, and tells `done`: at once, unless it may take long."""
        if self.takes(run):
            self.take(run, job, lambda future: fulfil(done, future.result))
        else:
            fulfil(done, job)

    def _back(self, run: Run, then: Job) -> None:
        jobs = [then, *self._waiting.pop(run.id)]
        while jobs and not self.has(run):
            jobs.pop(0)()
        if jobs:  # one of them sent it away again
            self._waiting[run.id] += jobs
