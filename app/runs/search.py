"""A sweep that runs: its trials train in the background one after another, each on a trainer of its own.

All that is kept of it follows from the sweep alone, so it can be interrupted anywhere: a trial that had not ended
begins again and comes to the same numbers.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic, perf_counter

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from app.engine.program import Program
from app.engine.setup import build_setup
from app.engine.trainer import Trainer
from app.errors import ComputationFailed, PlaygroundError
from app.runs.background import Work
from app.runs.compiler import Compiler
from app.runs.limits import Limits
from app.runs.progress import Progress
from app.runs.rates import Rates
from app.runs.run import stopped_early
from app.runs.trials import Planned
from app.schemas.sweep import SweepDocument, TrialStatus
from app.storage.datasets import DatasetStore

_PIECE_SECONDS = 0.015
_KEEP_SECONDS = 1.0
_COMPILING = "The next is being compiled."
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Training:
    """The trial that trains."""

    index: int
    program: Program
    trainer: Trainer


class Search(Work):
    """See the module. The background's thread does it; any thread may ask for its document."""

    title = "training the trials of a sweep"

    def __init__(
        self,
        progress: Progress,
        planned: Sequence[Planned],
        datasets: DatasetStore,
        compiler: Compiler,
        limits: Limits,
    ) -> None:
        self.progress = progress
        self.visitor = progress.visitor
        self._planned = planned
        self._datasets = datasets
        self._compiler = compiler
        self._limits = limits
        self._rates = Rates()
        self._index = 0
        """The trial that is worked on."""
        self._training: _Training | None = None
        self._asked: tuple[int, Program] | None = None
        """The trial for which the compiler was asked, and what it was asked for."""
        self._waits = ""
        self._kept = monotonic()
        self._pace = _Pace(progress.share)

    @property
    def over(self) -> bool:
        """Whether it is done or was stopped."""
        return not self.progress.running

    def document(self) -> SweepDocument:
        """As it stands now."""
        left = None if self._waits else self._pace.seconds_left(self.progress.share)
        return self.progress.document(waits=self._waits, seconds_left=left, compiling=self._compiling())

    def go_on(self) -> bool:
        """Some 15 ms of training, or what comes before and after it."""
        if self._limits.has_spent(self.visitor):
            self._waits = self._limits.spent_words(self.visitor, "The sweep goes on by itself")
            self._pace.count(going=False)
            return False
        training = self._training
        going = self._begin() if training is None else self._train(training)
        self._waits = "" if going else _COMPILING
        self._pace.count(going=going)
        if monotonic() - self._kept > _KEEP_SECONDS:
            self._keep()
        return going

    def fail(self, problem: PlaygroundError) -> None:
        """The trial that was worked on has failed; others go on."""
        self._end("failed", problem.detail)
        self._keep()

    def spent(self, words: str) -> None:
        """It waits until computing time has come back, and says so when it would go on."""

    def _waiting(self) -> Iterator[int]:
        return (trial.index for trial in self.progress.trials if trial.status == "waiting")

    def _compiling(self) -> list[int]:
        """Trials that wait for the compiler."""
        asked = self._asked
        if asked is None or asked[1].advance is not None:
            return []
        program = self._planned[asked[0]].program
        return [index for index in self._waiting() if self._planned[index].program == program]

    def _begin(self) -> bool:
        """Begins the first trial that can train, and has the compiler prepare the first that cannot."""
        self._ask()
        for index in self._waiting():
            program = self._compiler.known(self._planned[index].program)
            if program is not None and program.complete:
                self._index = index
                trainer = Trainer(build_setup(self._planned[index].experiment, self._datasets))
                self._training = _Training(index, program, trainer)
                self.progress.update(index, status="training")
                return True
        return False

    def _ask(self) -> None:
        """One program at a time, so that one who stops a sweep does not leave the compiler with all of its own."""
        if self._asked is not None:
            index, program = self._asked
            if program.error:
                self._asked, self._index = None, index
                raise ComputationFailed(f"The server could not compile this network. {program.error}")
            if not program.complete:
                return
        known = self._compiler.known
        index = next((index for index in self._waiting() if known(self._planned[index].program) is None), None)
        if index is not None:
            self._index = index
            setup = build_setup(self._planned[index].experiment, self._datasets)
            self._asked = index, self._compiler.program(setup, urgent=False)

    def _train(self, training: _Training) -> bool:
        trainer, epochs = training.trainer, self.progress.sweep.epochs
        rate = self._rates.of(training.program, trainer)
        began = perf_counter()
        report = trainer.advance(training.program, min(rate.fitting(_PIECE_SECONDS), trainer.steps_until(epochs)))
        rate.note(report.taken, perf_counter() - began)
        if report.divergence is not None:
            self._end("diverged", report.divergence.describe())
        elif report.stopped:
            self._end("finished", stopped_early(trainer.epoch))
        elif trainer.epoch >= epochs:
            self._end("finished")
        else:
            self.progress.update(training.index, epoch=trainer.epoch)
        return True

    def _end(self, status: TrialStatus, message: str = "") -> None:
        training, self._training = self._training, None
        told: dict[str, object] = {}
        if training is not None and status != "failed":
            trainer = training.trainer
            seen = trainer.observe(training.program)
            told = {"epoch": trainer.epoch, "metrics": trainer.metrics(np.asarray(seen.sums))}
        self.progress.update(self._index, status=status, message=message, **told)

    def _keep(self) -> None:
        """Where it cannot be kept now, it is later, or what is not kept is trained again after a restart."""
        self._kept = monotonic()
        try:
            self.progress.keep()
        except SQLAlchemyError:
            _logger.exception("a sweep could not be kept")


class _Pace:
    """How fast a sweep comes on while it need not wait."""

    def __init__(self, share: float) -> None:
        self._began = share
        self._seconds = 0.0
        self._last = inf

    def count(self, *, going: bool) -> None:
        """A step was made, or it has to wait."""
        now = monotonic()
        self._seconds += max(0.0, now - self._last)
        self._last = now if going else inf

    def seconds_left(self, share: float) -> float | None:
        """About, where so much of all is done; None while nothing tells."""
        done = share - self._began
        return self._seconds * (1 - share) / done if done > 0 else None
