"""A thread for what takes long with one run, so that all other runs go on meanwhile: heavy runs train there, and they
are looked at there.

While such a run is away nothing else touches it, and what is asked of it waits. While it is only looked at it does not
train, but can be changed: then it is looked at once more.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from app.runs.futures import Result, fulfil
from app.runs.observer import Looked, Observer
from app.runs.run import Run

Job = Callable[[], None]


class Aside:
    """See the module. Belongs to the scheduler's thread."""

    def __init__(self, observer: Observer, put: Callable[[Job], None], attempt: Callable[[Run, Job], None]) -> None:
        """`put` has the scheduler's thread do something, `attempt` does it and has the run fail where it fails."""
        self._observer = observer
        self._put = put
        self._attempt = attempt
        self._thread = ThreadPoolExecutor(1, "aside")
        self._away: dict[str, list[Job]] = {}
        """What waits for each run that is away, by its id."""
        self._looked_at: dict[str, list[Job]] = {}
        """Likewise, what wants to look at it."""
        self._ending = False

    def stop(self) -> None:
        """Ends the thread. What it is doing is waited for; nothing is done aside any more."""
        self._ending = True
        self._thread.shutdown()

    def has(self, run: Run) -> bool:
        """Whether the run is away."""
        return run.id in self._away

    def holds(self, run: Run) -> bool:
        """Whether the run is away or looked at, so that it cannot train."""
        return run.id in self._away or run.id in self._looked_at

    def takes(self, run: Run) -> bool:
        """Whether what takes long with this run is done aside."""
        return run.heavy and not self._ending

    def take(self, run: Run, work: Callable[[], Result], then: "Callable[[Future[Result]], None]") -> None:
        """The run goes away for `work`, which may touch nothing else; `then` is called when it is back."""
        self._away[run.id] = []
        future = self._thread.submit(work)
        future.add_done_callback(lambda done: self._put(partial(self._back, run, partial(then, done))))

    def wait(self, run: Run, job: Job) -> None:
        """Has something done when the run is back, after what was asked of it before."""
        self._away[run.id].append(job)

    def see(self, run: Run, then: Job) -> None:
        """Does `then`, which looks at the run, once that takes no time: at once, unless the run is heavy."""
        if self.has(run):
            self.wait(run, partial(self.see, run, then))
        elif not self.takes(run) or self._observer.knows(run):
            then()
        elif run.id in self._looked_at:
            self._looked_at[run.id].append(then)
        else:
            self._looked_at[run.id] = [then]
            future = self._thread.submit(self._observer.look(run))
            future.add_done_callback(lambda done: self._put(partial(self._seen, run, done)))

    def show(self, run: Run, then: Job) -> None:
        """Likewise where `then` publishes a frame; nobody waits for a look if it is made of none."""
        if self._observer.frames_look(run):
            self.see(run, then)
        else:
            then()

    def do(self, run: Run, job: Callable[[], Result], done: "Future[Result]") -> None:
        """Does what touches nothing but a run that is here, and tells `done`: at once, unless it may take long."""
        if self.takes(run):
            self.take(run, job, lambda future: fulfil(done, future.result))
        else:
            fulfil(done, job)

    def _back(self, run: Run, then: Job) -> None:
        jobs = [then, *self._away.pop(run.id)]
        while jobs and not self.has(run):
            jobs.pop(0)()
        if jobs:  # one of them sent it away again
            self._away[run.id] += jobs

    def _seen(self, run: Run, looked: "Future[Looked]") -> None:
        if self.has(run):
            self.wait(run, partial(self._seen, run, looked))
            return
        waiting = self._looked_at.pop(run.id)
        self._attempt(run, lambda: self._observer.note(run, looked.result()))
        for then in waiting:
            self._attempt(run, then if looked.exception() else partial(self.see, run, then))
