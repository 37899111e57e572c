"""The one thread in charge: it gives each playing run a time slice in turn, and applies commands between slices.

Everything that touches a run happens here, or in a thread of the crew that it waits for, so runs need no locks. A
command waits for one slice at most. Only heavy runs train and are looked at aside, and what is asked of them waits.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from threading import Thread
from time import monotonic
from typing import TypeVar

from app.engine.trainer import Report
from app.errors import ComputationFailed
from app.runs.allowance import PACE_SECONDS
from app.runs.aside import Aside
from app.runs.crew import Crew, Slice, cores
from app.runs.futures import Result, ending, fulfil, pass_error
from app.runs.jobs import Jobs
from app.runs.keeper import PICTURE_SECONDS, Keeper
from app.runs.limits import Limits
from app.runs.line import Line
from app.runs.observer import Observer
from app.runs.rhythm import Rhythm
from app.runs.run import Run, stopped_early
from app.runs.tally import Tally
from app.runs.turns import Turn, deal
from app.schemas.run import RunDocument, Status
from app.settings import Settings

Told = TypeVar("Told")

_PACE_SHARE = 0.4
"""Slices that a speed holds back are apart by this share of the time between two frames."""
_LEFT_SECONDS = 0.2
"""Slices of a page's run that a speed holds back and nobody sees are so far apart."""
_IDLE_SECONDS = 0.5
_LOOKING_SHARE = 0.25
"""A heavy run is looked at for this share of its time, or frames come rarer."""
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
        self._jobs = Jobs()
        self.aside = Aside(observer, self._jobs.put, self._attempt)
        self.tally = Tally()
        self._line = Line(settings.max_running, observer)
        self._stopping = False
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
        return bool(self._line.runs) and not self._stopping

    def submit(self, job: Callable[[], Result], run: Run | None = None) -> "Future[Result]":
        """Has the scheduler's thread do `job` before the next slice, or when the `run` that it is about is back.

        Safe from any thread.
        """
        future: Future[Result] = Future()
        self._jobs.put(partial(self._perform, future, job, run))
        return future

    def _perform(self, future: "Future[Result]", job: Callable[[], Result], run: Run | None) -> None:
        if run is not None and self.aside.has(run):
            self.aside.wait(run, partial(self._perform, future, job, run))
        elif future.set_running_or_notify_cancel():
            if self._jobs.over:
                future.set_exception(ending())
            else:
                fulfil(future, job)

    def submit_seen(self, run: Run, job: Callable[[], Result], tell: Callable[[Result], Told]) -> "Future[Told]":
        """Likewise, and then, once that takes no time, has it look at the run and `tell`. Safe from any thread."""
        told: Future[Told] = Future()
        told.set_running_or_notify_cancel()  # from here on nobody can cancel it

        def work() -> None:
            result = job()
            self.aside.see(run, lambda: fulfil(told, partial(tell, result)))

        self.submit(work, run).add_done_callback(lambda future: pass_error(future, told))
        return told

    def changed(self, run: Run) -> None:
        """After a command: the run finds its place, whoever looks sees it as soon as may be, and it is kept."""
        if run.playing and run.program.error:
            self.end(run, "failed")
            return
        self._line.place(run)
        if run.channel.listeners:
            run.courtesy_until = monotonic() + COURTESY_SECONDS
        self._observer.tell(run)
        self.aside.see(run, lambda: self._present(run))

    def admit(self, run: Run) -> None:
        """A run that was not here: it plays on, if it did."""
        self.runs[run.id] = run
        self._line.place(run)
        self._observer.tell(run)

    def remove(self, run: Run) -> None:
        """Forgets a run; its streams end."""
        self.runs.pop(run.id, None)
        if run.playing:
            self.interrupt(run)
            self._line.place(run)
            self._observer.tell(run)
            self._keeper.note(run)
        run.channel.close()

    def end(self, run: Run, status: Status, reason: str = "") -> None:
        """The run stops playing; whoever waited for that is told."""
        waiting = run.rest(status, reason)
        self.changed(run)
        self._answer(run, waiting)

    def interrupt(self, run: Run, status: Status = "paused") -> None:
        """The same before a command that says what is next: nobody else sees it stop.

        Who waited for it is told of a heavy run what was seen last, since the command cannot wait.
        """
        waiting = run.rest(status)
        if waiting is not None:
            fulfil(waiting, run.document if self.aside.takes(run) else partial(self._observer.document, run))

    def _present(self, run: Run) -> None:
        self._observer.show(run)
        self._note(run, seen=not run.playing)

    def _note(self, run: Run, *, seen: bool = True) -> None:
        if run.id not in self.runs:
            return
        if seen:
            self._observer.see(run)
        self._keeper.note(run)

    def _stop(self) -> None:
        self._stopping = True

    def _answer(self, run: Run, waiting: "Future[RunDocument] | None") -> None:
        if waiting is None:
            return
        if run.status == "failed":
            waiting.set_exception(ComputationFailed(run.message()))
        else:
            self.aside.see(run, partial(fulfil, waiting, partial(self._observer.document, run)))

    def _work(self) -> None:
        while not self._stopping:
            self._jobs.do()
            active = [run for run in self._line.runs if _may_train(run)]
            watched = sum(1 for run in active if run.channel.listeners)
            rhythm = self._observer.metronome.rhythm(watched)
            pace = max(PACE_SECONDS, _PACE_SHARE * rhythm.interval)
            for run in active:
                self._look(run, rhythm)
            self._keep(active)
            active = [run for run in active if not self.aside.holds(run)]
            waits = [run.wait(max(pace, _LEFT_SECONDS) if run.left else pace) for run in active]
            due = [run for run, wait in zip(active, waits, strict=True) if wait <= 0]
            due.sort(key=lambda run: run.allowance.taken)  # else those at the end would miss every other round
            hands = self._crew.hands(rhythm)
            for turns in self._crew.groups(deal(due, rhythm.leisure * hands), hands):
                self._train(turns, pace)
                for run, _ in turns:
                    self._look(run, rhythm)
                self._jobs.do()
            if not due:
                self._jobs.wait(min([_IDLE_SECONDS, *waits]))
        self._crew.stop()
        self.aside.stop()
        self._jobs.do()
        self._jobs.over = True
        self._jobs.do()
        for run in self.runs.values():
            if run.playing:
                self._keeper.note(run)
            if run.goal and run.goal.done:
                run.goal.done.set_exception(ending())

    def _attempt(self, run: Run, work: Callable[[], None]) -> None:
        """Whatever fails in one run must not end the thread that all runs share."""
        try:
            work()
        except Exception as error:
            _logger.exception("run %s failed", run.id)
            waiting = run.rest("failed", f"The server failed while training: {type(error).__name__}.")
            self._line.place(run)
            self._observer.tell(run)
            self._keeper.note(run)
            self._answer(run, waiting)

    def _train(self, turns: Sequence[Turn], pace: float) -> None:
        """Trains some runs, each for its share of time."""
        turns = [turn for turn in turns if _may_train(turn[0]) and not self.aside.holds(turn[0])]
        for turn in turns:
            if turn[0].heavy:
                self._train_aside(turn, pace)
            elif not turn[0].trainer.history.rows:
                self._attempt(turn[0], partial(self._observer.see, turn[0]))
        for taken in self._crew.train([turn for turn in turns if not turn[0].heavy and _may_train(turn[0])], pace):
            self._attempt(taken.run, partial(self._settle, taken))

    def _train_aside(self, turn: Turn, pace: float) -> None:
        run, _ = turn
        taken = self._crew.slice(turn, pace)

        def work() -> tuple[Report, float]:
            if not run.trainer.history.rows:
                self._observer.see(run)
            return taken.outcome()

        def settle(future: "Future[tuple[Report, float]]") -> None:
            self._attempt(run, lambda: self._settle(replace(taken, outcome=future.result)))

        self.aside.take(run, work, settle)

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
            if run.playing and run.kept < now - pause and not self.aside.holds(run):
                lasting = max(PICTURE_SECONDS, run.seen.seconds / _LOOKING_SHARE)
                if run.seen.revision != run.revision or run.seen.at < now - lasting:
                    self._attempt(run, partial(self.aside.see, run, partial(self._note, run)))
                else:
                    self._attempt(run, partial(self._keeper.note, run))

    def _look(self, run: Run, rhythm: Rhythm) -> None:
        """Shows what is due."""
        if not (run.playing and run.channel.listeners) or self.aside.holds(run):
            return
        if run.heavy:
            rhythm = Rhythm(max(rhythm.interval, run.seen.seconds / _LOOKING_SHARE))
        if monotonic() - run.last_frame >= rhythm.interval:
            self._attempt(run, partial(self.aside.show, run, partial(self._observer.show, run, rhythm)))


def _may_train(run: Run) -> bool:
    """Whether it may train now: a job may have changed that since the turns were dealt."""
    return run.playing and not run.place and run.compiled
