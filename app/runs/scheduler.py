"""The one thread that trains: it gives each playing run a time slice in turn, and applies commands between slices.

Everything that touches a run happens here, so runs need no locks. A command waits for one slice at most.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, perf_counter
from typing import TypeVar

from app.errors import ComputationFailed, PlaygroundError
from app.runs.observer import Observer
from app.runs.run import Run
from app.schemas.run import Status
from app.settings import Settings

Result = TypeVar("Result")

SLICE_SECONDS = 0.010
ROUND_SECONDS = 0.200
"""All runs together get their slices within this time."""
_MAX_CREDIT_SECONDS = 0.1
_IDLE_SECONDS = 0.5
_logger = logging.getLogger(__name__)


class Scheduler:
    """See the module. `runs` belongs to the scheduler's thread; others may iterate over a copy of it."""

    def __init__(self, settings: Settings, observer: Observer) -> None:
        self.runs: dict[str, Run] = {}
        self._settings = settings
        self._observer = observer
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._queue: list[Run] = []
        """Runs that want to train, first come first served."""
        self._stopping = False
        self._thread = Thread(target=self._work, name="scheduler", daemon=True)
        self.steps = 0
        """Updates done so far, by all runs."""

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the present slice."""
        self.submit(self._stop)
        self._thread.join(timeout=5)

    def submit(self, job: Callable[[], Result]) -> "Future[Result]":
        """Has the scheduler's thread do `job` before the next slice. Safe from any thread."""
        future: Future[Result] = Future()

        def work() -> None:
            try:
                future.set_result(job())
            except PlaygroundError as error:
                future.set_exception(error)
            except Exception as error:
                _logger.exception("a job failed")
                future.set_exception(ComputationFailed(f"The server failed: {type(error).__name__}."))

        self._jobs.put(work)
        return future

    def changed(self, run: Run) -> None:
        """After a command: the run finds its place, and whoever looks sees it at once."""
        if run.playing and run not in self._queue:
            self._queue.append(run)
        elif not run.playing and run in self._queue:
            self._queue.remove(run)
        self._place()
        self._observer.show(run, now=True)

    def remove(self, run: Run) -> None:
        """Forgets a run."""
        self.runs.pop(run.id, None)
        run.rest("paused")
        self.changed(run)
        run.channel.close()

    def end(self, run: Run, status: Status, reason: str = "") -> None:
        """The run stops playing; whoever waited for that is told."""
        waiting = run.rest(status, reason)
        self.changed(run)
        if waiting is not None and not waiting.done():
            waiting.set_result(self._observer.document(run))

    def _stop(self) -> None:
        self._stopping = True

    def _place(self) -> None:
        """The first `max_running` of those that want to train do; the others know their place."""
        for index, run in enumerate(self._queue):
            place = max(0, index + 1 - self._settings.max_running)
            if place != run.place:
                run.place = place
                self._observer.tell(run)

    def _work(self) -> None:
        while not self._stopping:
            self._do_jobs()
            active = [run for run in self._queue if not run.place and run.compiled]
            due = [run for run in active if self._allowance(run) >= 1]
            for run in due:
                self._slice(run, len(active))
                self._do_jobs()
            self._look(active)
            if not due:
                self._wait(active)

    def _do_jobs(self) -> None:
        while True:
            try:
                self._jobs.get_nowait()()
            except Empty:
                return

    def _wait(self, active: list[Run]) -> None:
        """Until a job comes, or a run's speed allows it the next step."""
        waits = [(1 - run.credit) / max(1e-9, self._rate(run)) for run in active if run.speed is not None]
        try:
            self._jobs.get(timeout=max(0.0, min([_IDLE_SECONDS, *waits])))()
        except Empty:
            return

    def _rate(self, run: Run) -> float:
        return (run.speed or 0.0) * run.trainer.batches_per_epoch

    def _allowance(self, run: Run) -> float:
        """How many steps the run's speed allows it now; a goal that somebody waits for knows no speed."""
        if run.speed is None or (run.goal is not None and run.goal.done is not None):
            return float("inf")
        now = monotonic()
        elapsed = min(now - run.last_slice, _MAX_CREDIT_SECONDS) if run.last_slice else 0.0
        run.last_slice = now
        rate = self._rate(run)
        run.credit = min(run.credit + elapsed * rate, max(1.0, _MAX_CREDIT_SECONDS * rate))
        return run.credit

    def _slice(self, run: Run, sharers: int) -> None:
        """Trains one run for its share of time."""
        if not run.playing or run.place or run.program.advance is None:
            return
        seconds = min(SLICE_SECONDS, ROUND_SECONDS / sharers)
        steps = max(1, int(seconds / run.step_seconds))
        left = run.steps_to_goal()
        if run.speed is not None and not (run.goal and run.goal.done):
            steps = min(steps, max(1, int(run.credit)))
        if left is not None:
            steps = min(steps, left)
        try:
            self._advance(run, steps)
        except Exception as error:
            # Whatever fails in one run must not end the thread that all runs share.
            _logger.exception("run %s failed", run.id)
            self.end(run, "failed", f"The server failed while training: {type(error).__name__}.")

    def _advance(self, run: Run, steps: int) -> None:
        if not run.trainer.history.rows:
            self._observer.see(run)
        began = perf_counter()
        report = run.trainer.advance(run.program, steps, single=bool(run.goal and run.goal.single))
        self.steps += report.taken
        run.credit -= report.taken
        if report.taken:
            cost = (perf_counter() - began) / report.taken
            run.step_seconds = 0.5 * run.step_seconds + 0.5 * cost
        if report.divergence is not None:
            self.end(run, "diverged", report.divergence.describe())
        elif report.stopped:
            self.end(run, "finished", f"Stopped early at epoch {run.trainer.epoch}: the validation loss no longer fell.")
        elif run.steps_to_goal() == 0:
            self.end(run, "paused")

    def _look(self, active: list[Run]) -> None:
        """Shows what is due, and pauses pages' runs that nobody has watched for long."""
        now = monotonic()
        for run in active:
            self._observer.show(run)
            unwatched = run.attended and not run.channel.listeners
            if unwatched and now - run.watched_until > self._settings.unwatched_seconds:
                self.end(run, "paused", "Paused, because nobody was watching. Press Play to go on.")
