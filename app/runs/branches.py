"""Runs that begin where another has been: the other stays as it was."""

from concurrent.futures import Future

from app.engine.trainer import Trainer
from app.runs.admission import Admission
from app.runs.changes import Changes
from app.runs.futures import after, pass_error
from app.runs.keeper import Keeper
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import Shelf
from app.runs.way import check, go_back
from app.schemas.command import Point, Rewind
from app.schemas.run import RunDocument


class Branches:
    """See the module. Safe from any thread."""

    def __init__(
        self, changes: Changes, shelf: Shelf, scheduler: Scheduler, keeper: Keeper, admission: Admission
    ) -> None:
        self._changes = changes
        self._shelf = shelf
        self._scheduler = scheduler
        self._keeper = keeper
        self._admission = admission

    def branch(self, run_id: str, point: Point) -> "Future[RunDocument]":
        """A run of the same visitor that has come to that point on the same way, once it is there and on disk.

        Raises LimitReached; the result may be InvalidInput where the run has not passed the point.
        """
        old = self._shelf.find(run_id)
        self._admission.run(old.visitor)
        self._shelf.make_room()
        arrived: Future[RunDocument] = Future()
        arrived.set_running_or_notify_cancel()

        def begin() -> None:
            check(old, point)
            new = _twin(old)
            go_back(new, point)
            if not _stands_at(new, point):
                self._admission.play(new.visitor)
            self._scheduler.runs[new.id] = new
            there: Future[RunDocument] = Future()
            there.add_done_callback(lambda _: self._settle(new, there, arrived))
            self._changes.arrive(new, Rewind(epoch=point.epoch, step=point.step), there)
            self._shelf.tidy()

        self._scheduler.submit(begin, old).add_done_callback(lambda future: pass_error(future, arrived))
        return after(arrived, self._keeper.settled)

    def _settle(self, new: Run, there: "Future[RunDocument]", arrived: "Future[RunDocument]") -> None:
        """The new run knows nothing of what the other one did from there on."""
        if error := there.exception():
            arrived.set_exception(error)
            return
        new.timeline.cut(new.trainer.step)
        self._scheduler.changed(new)
        arrived.set_result(new.document())


def _twin(old: Run) -> Run:
    """The same run once more, as it stands."""
    trainer = Trainer(old.trainer.setup, revision=old.revision)
    trainer.restore(old.trainer.checkpoint())
    new = Run(
        old.experiment,
        trainer,
        old.program,
        old.speed,
        attended=False,
        visitor=old.visitor,
        ended="paused",
        revision=old.revision,
        origin=old.origin,
    )
    new.start = old.start
    new.timeline = old.timeline.switched(new.present(), old.timeline.beginning, old.timeline.ahead)
    return new


def _stands_at(run: Run, point: Point) -> bool:
    trainer = run.trainer
    return trainer.step == point.step or (trainer.epoch, trainer.position) == (point.epoch, 0)
