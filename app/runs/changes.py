"""What patches and commands do to a run. All of it happens in the scheduler's thread."""

from concurrent.futures import Future

from pydantic import JsonValue

from app.engine.history import History
from app.engine.program import Program
from app.engine.setup import starts_anew
from app.errors import Conflict
from app.families.base import Setup
from app.runs.allowance import Allowance
from app.runs.compiler import Compiler
from app.runs.observer import Observer
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.schemas.command import Edit, Pause, Play, Reset, Speed, Step
from app.schemas.experiment import Experiment
from app.schemas.run import Applied, PatchedRun, RunDocument


class Changes:
    """See the module."""

    def __init__(self, scheduler: Scheduler, observer: Observer, compiler: Compiler) -> None:
        self._scheduler = scheduler
        self._observer = observer
        self._compiler = compiler

    def apply(
        self, run: Run, experiment: Experiment, setup: Setup, program: Program, patch: dict[str, JsonValue]
    ) -> PatchedRun:
        """A patch: the run reads `experiment` from now on."""
        anew = starts_anew(run.trainer.setup, setup)
        run.experiment, run.program, run.slice_steps = experiment, program, 1
        if anew:
            run.trainer.setup = setup
            self._restart(run)
        else:
            run.trainer.change(setup, patch)
            self._count_change(run)
            if run.ended in ("finished", "failed"):
                run.ended, run.reason = "paused", ""
        applied: Applied = "live" if not anew else "reinitialised" if run.compiled else "recompiled"
        self._scheduler.changed(run)
        document = self._observer.document(run)
        return PatchedRun.model_construct(**dict(document), applied=applied)

    def command(self, run: Run, order: Play | Pause | Reset | Speed | Edit) -> RunDocument:
        """A command, done when this returns. Raises Conflict, or InvalidInput for an edit beyond the network."""
        match order:
            case Play():
                self._prepare_training(run)
                run.play(order.until)
                if run.steps_to_goal() == 0:
                    run.rest("paused")
            case Pause():
                if run.playing:
                    self._scheduler.end(run, "paused")
            case Reset():
                self._scheduler.interrupt(run, "created")
                self._restart(run)
            case Speed():
                run.speed, run.allowance = order.epochs_per_second, Allowance()
            case Edit():
                run.trainer.edit(order)
                self._count_change(run)
        self._scheduler.changed(run)
        return self._observer.document(run)

    def step(self, run: Run, order: Step, done: "Future[RunDocument]") -> None:
        """Some steps; `done` is told when they are taken. Raises Conflict."""
        self._prepare_training(run)
        run.pursue(order, done)
        if order.unit == "sample":
            run.revision += 1
            run.trainer.revision = run.revision
        self._scheduler.changed(run)

    def _restart(self, run: Run) -> None:
        """Step 0; a playing run plays on, but not one that was only to take some steps."""
        if run.goal is not None and run.goal.done is not None:
            self._scheduler.interrupt(run)
        if not run.playing:
            run.ended, run.reason = "created", ""
        run.trainer.restart()
        self._count_change(run)

    def _count_change(self, run: Run) -> None:
        """A new revision. One made at step 0 begins the curve anew, so that it tells of what is trained."""
        run.revision += 1
        run.trainer.revision = run.revision
        if run.trainer.step == 0:
            run.origin = run.revision
            run.trainer.history = History(run.trainer.history.columns)

    def _prepare_training(self, run: Run) -> None:
        """What it was doing ends. A network that could not be compiled gets another chance."""
        if run.status == "finished":
            raise Conflict("Early stopping ended this run. Reset it, or change or remove early stopping.")
        self._scheduler.interrupt(run)
        if run.program.error:
            run.program = self._compiler.program(run.trainer.setup)
