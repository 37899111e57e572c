"""Explains pictures, filters and units of networks for pictures: in the background, on a copy of the run's state.

Gradients with respect to pictures want a program of their own, the lens, which is compiled when somebody first asks.
"""

from collections.abc import Generator
from concurrent.futures import Future
from typing import Literal

import numpy as np

from app.engine.checkpoint import Checkpoint
from app.engine.program import Program
from app.engine.still import Still
from app.errors import ComputationFailed, InvalidInput, LimitReached, PlaygroundError
from app.families.base import PictureSetup
from app.probes.pictures.explanations import explanation
from app.probes.pictures.subject import check_question
from app.runs.background import Background, Work
from app.runs.compiler import Compiler
from app.runs.futures import pass_error, pass_on
from app.runs.limits import Limits
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import Shelf
from app.runs.umap import Umap, installed, umap_explanation
from app.schemas.explain import NEED_LENS, AnyExplanation, Question
from app.settings import Settings


class _Explaining(Work):
    """One explanation."""

    title = "explaining what a network sees"

    def __init__(
        self,
        run: Run,
        question: Question,
        drawn: np.ndarray | None,
        compiler: Compiler,
        umap: Umap,
        done: "Future[AnyExplanation]",
    ) -> None:
        self.visitor = run.visitor
        self.done = done
        self.run = run
        self.setup = run.trainer.setup
        self.kind = question.kind
        self._program = run.program
        self._compiler = compiler
        self._needs_lens = question.kind in NEED_LENS
        self._asked = False
        self._steps = _steps(run.program, run.trainer.checkpoint(), question, drawn, umap)

    @property
    def over(self) -> bool:
        """Whether somebody has the answer, or knows why there is none."""
        return self.done.done()

    def go_on(self) -> bool:
        """One step more, once there is all that it needs."""
        if not self._compiled():
            return False
        try:
            return next(self._steps) is not False
        except StopIteration as end:
            self.done.set_result(end.value)
            return True

    def fail(self, problem: PlaygroundError) -> None:
        """Who waits is told."""
        self._steps.close()
        self.done.set_exception(problem)

    def spent(self, words: str) -> None:
        """It ends without an answer."""
        self.fail(LimitReached(words))

    def _compiled(self) -> bool:
        """Whether its programs are; they are asked for. Raises ComputationFailed where they will never be."""
        program = self._program
        if self._needs_lens and not self._asked:
            self._compiler.lens(program)
            self._asked = True
        if error := program.error or (program.lens_error if self._needs_lens else ""):
            raise ComputationFailed(f"The program for this network could not be compiled: {error}")
        return program.observe is not None and not (self._needs_lens and program.lens is None)


def _steps(
    program: Program, moment: Checkpoint, question: Question, drawn: np.ndarray | None, umap: Umap
) -> Generator[Literal[False] | None, None, AnyExplanation]:
    """Nothing of it is done before the first step. Yields False where it has to wait for a process."""
    network = Still(program, moment)
    if question.kind == "umap":
        return (yield from umap_explanation(network, moment.epoch, umap))
    return (yield from explanation(network, question, drawn))


class Explaining:
    """See the module."""

    def __init__(
        self,
        settings: Settings,
        shelf: Shelf,
        scheduler: Scheduler,
        limits: Limits,
        compiler: Compiler,
        background: Background,
    ) -> None:
        self._shelf = shelf
        self._scheduler = scheduler
        self._limits = limits
        self._compiler = compiler
        self._background = background
        self._umap = Umap(settings.cache_dir)
        self._going: list[_Explaining] = []
        """Written by the scheduler's thread."""

    def explain(self, run_id: str, question: Question, picture: np.ndarray | None = None) -> "Future[AnyExplanation]":
        """What is answered to a question about a run as it is now, or about a `picture` that is none of its own, of any
        shape with as many values. Waits for the compiler. Safe from any thread.

        Fails with InvalidInput where the question does not fit the run, and with LimitReached.
        """
        run = self._shelf.find(run_id)
        done: Future[AnyExplanation] = Future()
        done.set_running_or_notify_cancel()  # from here on nobody can cancel it
        begun = self._scheduler.submit(lambda: self._begin(run, question, picture, done), run)
        begun.add_done_callback(lambda future: pass_error(future, done))
        return done

    def stop(self) -> None:
        """Ends what goes on in another process, once the background has ended."""
        self._umap.close()

    def _begin(self, run: Run, question: Question, picture: np.ndarray | None, done: "Future[AnyExplanation]") -> None:
        setup = run.trainer.setup
        if not isinstance(setup, PictureSetup):
            raise InvalidInput.at(
                "kind", "this run learns from points in a plane; only networks for pictures have this"
            )
        check_question(setup, question.checked(drawn=picture is not None))
        self._going = [other for other in self._going if not other.over]
        if question.kind == "umap" and (other := self._umap_of(run)):
            other.done.add_done_callback(lambda future: pass_on(future, done))
            return
        self._limits.admit_explanation(run.visitor, sum(1 for other in self._going if other.visitor == run.visitor))
        if question.kind in NEED_LENS and run.program.lens is None:
            self._limits.admit_compile(0, self._compiler.waiting)
        drawn = None if picture is None else _as_picture(setup, picture)
        work = _Explaining(run, question, drawn, self._compiler, self._umap, done)
        self._going.append(work)
        self._background.add(work)

    def _umap_of(self, run: Run) -> _Explaining | None:
        """What is on its way already. It takes long, so whoever asks meanwhile is given the same. Raises InvalidInput
        where there is no UMAP."""
        if not installed():
            raise InvalidInput.at("kind", "UMAP needs umap-learn on the server: pip install umap-learn")
        umaps = (other for other in self._going if other.kind == "umap" and other.run is run)
        return next((other for other in umaps if other.setup is run.trainer.setup), None)


def _as_picture(setup: PictureSetup, values: np.ndarray) -> np.ndarray:
    """Raises InvalidInput where they are too many or too few."""
    channels, height, width = setup.prepared.shape
    if values.size != channels * height * width:
        raise InvalidInput.at("picture", f"must have {channels} × {height} × {width} numbers")
    return values.reshape(setup.prepared.shape).astype(np.float32)
