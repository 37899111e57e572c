"""What patches and commands do to a run. All of it happens in the scheduler's thread."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from pydantic import JsonValue

from app.engine.program import Program
from app.engine.setup import starts_anew
from app.engine.timeline import Timeline
from app.errors import Conflict, InvalidInput
from app.families.base import Setup
from app.runs.admission import Admission
from app.runs.allowance import Allowance
from app.runs.compiler import Compiler
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.undo import Done, Moment, words_of_edit, words_of_patch
from app.runs.way import check, go_back
from app.schemas.command import Edit, Look, Pause, Play, Redo, Reset, Rewind, Speed, Step, Undo
from app.schemas.experiment import Experiment
from app.schemas.patch import difference
from app.schemas.run import Applied, RunDocument, Status

ENDS: tuple[Status, ...] = ("diverged", "finished", "failed")

ImmediateCommand = Play | Pause | Reset | Speed | Edit | Look | Undo | Redo


@dataclass(frozen=True)
class Planned:
    """A patch that was found to be good, and what follows from it."""

    experiment: Experiment
    setup: Setup
    program: Program
    together: bool = False
    opened: str = ""
    """What a whole Experiment is called that is opened: it begins at step 0, whatever it shares with the old one."""


class Changes:
    """See the module."""

    def __init__(self, scheduler: Scheduler, compiler: Compiler, admission: Admission) -> None:
        self._scheduler = scheduler
        self._compiler = compiler
        self._admission = admission

    def apply(self, run: Run, planned: Planned) -> Applied:
        """A patch: the run reads another Experiment from now on. One that says nothing new is not to be undone."""
        setup, patch = planned.setup, difference(run.experiment, planned.experiment)
        anew, before = bool(planned.opened) or starts_anew(run.trainer.setup, setup), run.moment()
        self._reads(run, planned.experiment, planned.program)
        if anew:
            run.trainer.setup = setup
            self._restart(run)
        elif patch:
            self._change(run, setup, patch)
        else:
            run.count_change()
        words = planned.opened or words_of_patch(patch)
        if run.mark() != before.mark:
            run.changes.add(Done(words, anew, before, run.mark(), together=planned.together))
        applied: Applied = "live" if not anew else "reinitialised" if run.compiled else "recompiled"
        self._scheduler.changed(run)
        return applied

    def command(self, run: Run, order: ImmediateCommand) -> None:
        """Done when this returns. Raises Conflict, InvalidInput for an edit beyond the network, or LimitReached."""
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
                self._reset(run)
            case Speed():
                run.speed, run.allowance = order.epochs_per_second, Allowance()
            case Edit():
                self._edit(run, order)
            case Look():
                _look(run, order)
            case Undo() | Redo():
                (self._undo if isinstance(order, Undo) else self._redo)(run)
        self._scheduler.changed(run)

    def pursue(self, run: Run, order: Step | Rewind, done: "Future[RunDocument]") -> None:
        """Some steps, or the way to a point that was passed; `done` is told when it is there.

        Raises Conflict, LimitReached, or InvalidInput for a point that the run has not passed.
        """
        if isinstance(order, Rewind):
            self._rewind(run, order, done)
        else:
            self._step(run, order, done)

    def arrive(self, run: Run, order: Rewind, done: "Future[RunDocument]") -> None:
        """The rest of the way to a point, from the moment before it."""
        run.pursue(order, done)
        if run.steps_to_goal() == 0:
            self._scheduler.end(run, "paused")
        else:
            self._scheduler.changed(run)

    def _step(self, run: Run, order: Step, done: "Future[RunDocument]") -> None:
        self._prepare_training(run)
        run.pursue(order, done)
        if order.unit == "sample":
            run.timeline.cut(run.trainer.step)
            run.revision += 1
            run.trainer.revision = run.revision
        self._scheduler.changed(run)

    def _rewind(self, run: Run, order: Rewind, done: "Future[RunDocument]") -> None:
        check(run, order)
        self._admit(run)
        before = run.moment()
        self._scheduler.interrupt(run)
        go_back(run, order)
        run.changes.add(Done("time line", anew=True, before=before, mark=run.mark(), together=True))
        self.arrive(run, order, done)

    def _reset(self, run: Run) -> None:
        before = run.moment()
        self._scheduler.interrupt(run, "created")
        self._restart(run)
        if run.mark() != before.mark:
            run.changes.add(Done("reset", anew=True, before=before, mark=run.mark()))

    def _edit(self, run: Run, order: Edit) -> None:
        before, old = run.moment(), run.trainer.edit(order)
        self._depart(run)
        words, edits = words_of_edit(order), (order, order.model_copy(update={"value": old}))
        run.changes.add(Done(words, anew=False, before=before, mark=run.mark(), edits=edits))

    def _undo(self, run: Run) -> None:
        if not run.changes.done:
            raise Conflict("There is nothing to undo.")
        change = run.changes.done[-1]
        change.after = run.moment()
        self._travel(run, change, change.before, None if change.edits is None else change.edits[1])
        run.changes.undone.append(run.changes.done.pop())

    def _redo(self, run: Run) -> None:
        if not run.changes.undone:
            raise Conflict("There is nothing to redo.")
        change = run.changes.undone[-1]
        assert change.after is not None, "it was taken back"
        change.before, target = run.moment(), change.after
        self._travel(run, change, target, None if change.edits is None else change.edits[0])
        run.changes.done.append(run.changes.undone.pop())

    def _travel(self, run: Run, change: Done, target: Moment, edit: Edit | None) -> None:
        """To the other side of a change: there itself, or to what it set, where training has gone on since."""
        if change.anew or (change.exact and run.mark() == change.mark):
            self._go_to(run, target)
        elif edit is not None:
            run.trainer.edit(edit)
            self._depart(run)
        else:
            patch = difference(run.experiment, target.experiment)
            self._reads(run, target.experiment, run.program)
            self._change(run, target.checkpoint.setup, patch)
        change.mark = run.mark()

    def _go_to(self, run: Run, target: Moment) -> None:
        """Back to a moment. A playing run plays on, unless it had come to an end there."""
        if run.awaited or target.ended in ENDS:
            self._scheduler.interrupt(run)
        if not run.playing:
            run.ended, run.reason = target.ended, target.reason
        run.trainer.restore(target.checkpoint)
        program = self._compiler.program(run.trainer.setup) if target.program.error else target.program
        self._reads(run, target.experiment, program)
        run.start = target.start
        run.timeline = run.timeline.switched(run.present(), target.beginning, target.ahead)
        run.revision += 1
        run.trainer.revision = run.origin = run.revision

    def _reads(self, run: Run, experiment: Experiment, program: Program) -> None:
        run.experiment, run.program = experiment, program

    def _change(self, run: Run, setup: Setup, patch: Mapping[str, JsonValue]) -> None:
        """A live change. One that ended may go on after it."""
        run.trainer.change(setup, patch)
        self._depart(run)
        if run.ended in ("finished", "failed"):
            run.ended, run.reason = "paused", ""

    def _restart(self, run: Run) -> None:
        """Step 0; a playing run plays on, but not one that was only to take some steps."""
        if run.awaited:
            self._scheduler.interrupt(run)
        if not run.playing:
            run.ended, run.reason = "created", ""
        run.start = run.experiment
        run.trainer.restart()
        run.timeline = Timeline(run.present())
        run.count_change()

    def _depart(self, run: Run) -> None:
        """From here it goes another way than before, where it had gone back."""
        run.timeline.cut(run.trainer.step)
        run.count_change()

    def _prepare_training(self, run: Run) -> None:
        """What it was doing ends. A network that could not be compiled gets another chance."""
        if run.status == "finished":
            raise Conflict("Early stopping ended this run. Reset it, or change or remove early stopping.")
        self._admit(run)
        self._scheduler.interrupt(run)
        if run.program.error:
            run.program = self._compiler.program(run.trainer.setup)

    def _admit(self, run: Run) -> None:
        """Here alone, so that of two that come at once the second counts the first."""
        if not run.playing:
            self._admission.play(run.visitor)


def _look(run: Run, order: Look) -> None:
    count = len(run.trainer.setup.prepared.inputs)
    if order.row >= count:
        raise InvalidInput.at("row", f"there are {count} samples, counted from 0")
    run.chosen = order.row
