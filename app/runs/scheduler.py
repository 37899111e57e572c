"""The one thread in charge: it gives each playing run a time slice in turn, and applies commands between slices.

Everything that touches a run happens here, or in a thread of the crew that it waits for, so runs need no locks. A
command waits for one slice at most.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TypeVar

from app.errors import ComputationFailed, PlaygroundError
from app.runs.allowance import PACE_SECONDS
from app.runs.crew import Crew, Slice, cores
from app.runs.futures import ending
from app.runs.keeper import PICTURE_SECONDS, Keeper
from app.runs.limits import Limits
from app.runs.observer import Observer
from app.runs.rhythm import Rhythm
from app.runs.run import Run
from app.runs.tally import Tally
from app.runs.turns import Turn, deal
from app.schemas.run import RunDocument, Status
from app.settings import Settings

Result = TypeVar("Result")

_PACE_SHARE = 0.4
"""Slices that a speed holds back are apart by this share of the time between two frames."""
_LEFT_SECONDS = 0.2
"""Slices of a page's run that a speed holds back and nobody sees are so far apart."""
_IDLE_SECONDS = 0.5
COURTESY_SECONDS = 0.08
"""After a change of a run that is watched, its training leaves the machine to those who show it."""
KEEP_SECONDS = 1.5
"""How much training may be lost when the server falls, where few runs train."""
_KEPT_PER_SECOND = 30
"""Where many do, so many of them are kept."""
_logger = logging.getLogger(__name__)


class Scheduler:
    """See the module. `runs` belongs to the scheduler's thread; others may iterate over a copy of it."""

    def __init__(self, settings: Settings, observer: Observer, keeper: Keeper, limits: Limits) -> None:
        self.runs: dict[str, Run] = {}
        self._settings = settings
        self._observer = observer
        self._keeper = keeper
        self._limits = limits
        self._crew = Crew(cores())
        self.tally = Tally()
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._queue: list[Run] = []
        """Runs that want to train, first come first served."""
        self._stopping = False
        self._ended = False
        self._thread = Thread(target=self._work, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the present slice. Jobs that come later fail."""
        self.submit(self._stop)
        self._thread.join(timeout=2)

    @property
    def busy(self) -> bool:
        """Whether any run wants to train. Safe from any thread."""
        return bool(self._queue)

    def submit(self, job: Callable[[], Result]) -> "Future[Result]":
        """Has the scheduler's thread do `job` before the next slice. Safe from any thread."""
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                if self._ended:
                    raise ending()
                result = job()
            except PlaygroundError as error:
                future.set_exception(error)
            except Exception as error:
                _logger.exception("a job failed")
                future.set_exception(ComputationFailed(f"The server failed: {type(error).__name__}."))
            else:
                future.set_result(result)

        self._jobs.put(work)
        if self._ended:  # perhaps only after the thread had looked for jobs a last time
            self._do_jobs()
        return future

    def changed(self, run: Run) -> None:
        """After a command: the run finds its place, whoever looks sees it at once, and it is kept."""
        if run.playing and run.program.error:
            self.end(run, "failed")
            return
        self._enqueue(run)
        if run.channel.listeners:
            run.courtesy_until = monotonic() + COURTESY_SECONDS
        self._observer.show(run)
        if not run.playing:
            self._observer.see(run)
        self._keeper.note(run)

    def admit(self, run: Run) -> None:
        """A run that was not here: it plays on, if it did."""
        self.runs[run.id] = run
        self._enqueue(run)
        self._observer.tell(run)

    def remove(self, run: Run) -> None:
        """Forgets a run; its streams end."""
        self.runs.pop(run.id, None)
        if run.playing:
            self.end(run, "paused")
        run.channel.close()

    def end(self, run: Run, status: Status, reason: str = "") -> None:
        """The run stops playing; whoever waited for that is told."""
        waiting = run.rest(status, reason)
        self.changed(run)
        self._answer(run, waiting)

    def interrupt(self, run: Run, status: Status = "paused") -> None:
        """The same before a command that says what is next: nobody else sees it stop."""
        self._answer(run, run.rest(status))

    def _stop(self) -> None:
        self._stopping = True

    def _answer(self, run: Run, waiting: "Future[RunDocument] | None") -> None:
        if waiting is None:
            return
        if run.status == "failed":
            waiting.set_exception(ComputationFailed(run.message()))
        else:
            waiting.set_result(self._observer.document(run))

    def _enqueue(self, run: Run) -> None:
        """The first `max_running` of those that want to train do; the others know their place.

        A page's run that nobody watches gives way to all others.
        """
        if run.playing and run not in self._queue:
            self._queue.append(run)
        elif not run.playing and run in self._queue:
            self._queue.remove(run)
        for index, queued in enumerate(sorted(self._queue, key=_is_left)):
            place = max(0, index + 1 - self._settings.max_running)
            if place != queued.place:
                queued.place = place
                self._observer.tell(queued)

    def _work(self) -> None:
        while not self._stopping:
            self._do_jobs()
            active = [run for run in self._queue if not run.place and run.compiled]
            watched = sum(1 for run in active if run.channel.listeners)
            rhythm = self._observer.metronome.rhythm(watched)
            pace = max(PACE_SECONDS, _PACE_SHARE * rhythm.interval)
            waits = [run.wait(max(pace, _LEFT_SECONDS) if _is_left(run) else pace) for run in active]
            due = [run for run, wait in zip(active, waits, strict=True) if wait <= 0]
            due.sort(key=lambda run: run.allowance.taken)  # else those at the end would miss every other round
            hands = self._crew.hands(rhythm)
            for turns in self._crew.groups(deal(due, rhythm.leisure * hands), hands):
                self._train(turns, pace)
                for run, _ in turns:
                    self._look(run, rhythm)
                self._do_jobs()
            for run in active:
                self._look(run, rhythm)
            self._keep(active)
            if not due:
                self._sleep(min([_IDLE_SECONDS, *waits]))
        self._ended = True
        self._crew.stop()
        self._do_jobs()
        for run in self.runs.values():
            if run.playing:
                self._keeper.note(run)
            if run.goal and run.goal.done:
                run.goal.done.set_exception(ending())

    def _do_jobs(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            job()

    def _sleep(self, seconds: float) -> None:
        """Until then, or until a job comes."""
        try:
            job = self._jobs.get(timeout=seconds)
        except Empty:
            return
        job()

    def _attempt(self, run: Run, work: Callable[[], None]) -> None:
        """Whatever fails in one run must not end the thread that all runs share."""
        try:
            work()
        except Exception as error:
            _logger.exception("run %s failed", run.id)
            waiting = run.rest("failed", f"The server failed while training: {type(error).__name__}.")
            self._enqueue(run)
            self._observer.tell(run)
            self._keeper.note(run)
            self._answer(run, waiting)

    def _train(self, turns: Sequence[Turn], pace: float) -> None:
        """Trains some runs, each for its share of time."""
        for run, _ in turns:
            if _may_train(run) and not run.trainer.history.rows:
                self._attempt(run, partial(self._observer.see, run))
        for taken in self._crew.train([turn for turn in turns if _may_train(turn[0])], pace):
            self._attempt(taken.run, partial(self._settle, taken))

    def _settle(self, taken: Slice) -> None:
        """What follows from a turn that was taken."""
        run = taken.run
        report, cost = taken.settle()
        self.tally.add(report.taken, taken.lag)
        run.claim.charge(cost, watched=bool(run.channel.listeners))
        if report.divergence is not None:
            run.divergence = report.divergence
            self.end(run, "diverged", report.divergence.describe())
        elif report.stopped:
            self.end(run, "finished", stopped_early(run.trainer.epoch))
        elif run.steps_to_goal() == 0:
            self.end(run, "paused")
        elif not self._limits.used(run.visitor, cost):
            self.end(run, "paused", self._limits.spent_words(run.visitor))
        elif run.attended and run.goal is None and run.claim.unwatched > self._settings.unwatched_compute_seconds:
            self.end(run, "paused", "Paused, because nobody was watching. Press Play to go on.")

    def _keep(self, active: list[Run]) -> None:
        """What trains is kept every now and then, also how it looks, which nobody else may have looked at."""
        now, pause = monotonic(), max(KEEP_SECONDS, len(active) / _KEPT_PER_SECOND)
        for run in active:
            if run.playing and run.kept < now - pause:
                if run.seen.revision != run.revision or run.seen.at < now - PICTURE_SECONDS:
                    self._attempt(run, partial(self._observer.see, run))
                self._attempt(run, partial(self._keeper.note, run))

    def _look(self, run: Run, rhythm: Rhythm) -> None:
        """Shows what is due."""
        if run.playing and run.channel.listeners and monotonic() - run.last_frame >= rhythm.interval:
            self._attempt(run, partial(self._observer.show, run, rhythm))


def stopped_early(epoch: int) -> str:
    """What is said where early stopping has ended training."""
    return f"Stopped early at epoch {epoch}: the validation loss no longer fell."


def _may_train(run: Run) -> bool:
    """Whether it may train now: a job may have changed that since the turns were dealt."""
    return run.playing and not run.place and run.compiled


def _is_left(run: Run) -> bool:
    """Whether a page has made it that nobody looks at any more."""
    return run.attended and not run.channel.listeners
