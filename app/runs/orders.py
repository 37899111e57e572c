"""What a run is told to do: patches, which are prepared first, and commands. Safe from any thread."""

from collections.abc import Callable
from concurrent.futures import Future

from app.engine.setup import Uploads, build_setup
from app.runs.admission import Admission
from app.runs.changes import Changes, ImmediateCommand, Planned
from app.runs.futures import Result, pass_error
from app.runs.observer import Observer
from app.runs.preparer import Preparer
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import no_run
from app.schemas.command import Command, Redo, Rewind, Step, Undo
from app.schemas.experiment import Experiment
from app.schemas.run import Applied, PatchedRun, RunDocument


class Orders:
    """See the module."""

    def __init__(
        self, changes: Changes, scheduler: Scheduler, observer: Observer, admission: Admission, uploads: Uploads
    ) -> None:
        self._changes = changes
        self._scheduler = scheduler
        self._observer = observer
        self._admission = admission
        self._uploads = uploads
        self._preparer = Preparer()

    def change(
        self, run: Run, wanted: Callable[[], Experiment], *, together: bool = False, opened: str = ""
    ) -> "Future[PatchedRun]":
        """Has the run read the Experiment that is `wanted` of it; see Planned. Fails where the run cannot."""

        def begin() -> "Future[PatchedRun]":
            experiment = wanted()
            setup = build_setup(experiment, self._uploads, run.trainer.setup)
            planned = Planned(experiment, setup, self._admission.program(setup, run.visitor), together, opened)

            def apply() -> Applied:
                return self._changes.apply(run, planned)

            def tell(applied: Applied) -> PatchedRun:
                return PatchedRun.model_construct(**dict(self._observer.document(run)), applied=applied)

            return self._scheduler.submit_seen(run, self._here(run, apply), tell)

        # What was wanted of the run before is done before this begins.
        return self._preparer.submit(run.id, begin)

    def command(self, run: Run, command: Command) -> "Future[RunDocument]":
        """The result comes when it is done, of `step` and `rewind` when the run is there."""
        order = command.root
        if isinstance(order, Step | Rewind):
            return self._pursue(run, order)
        if isinstance(order, Undo | Redo):
            # After the patches that came before it, and before those that come later.
            return self._preparer.submit(run.id, lambda: self._commanded(run, order))
        return self._commanded(run, order)

    def _pursue(self, run: Run, order: Step | Rewind) -> "Future[RunDocument]":
        done: Future[RunDocument] = Future()
        done.set_running_or_notify_cancel()  # from here on nobody can cancel it
        begun = self._scheduler.submit(self._here(run, lambda: self._changes.pursue(run, order, done)), run)
        begun.add_done_callback(lambda future: pass_error(future, done))
        return done

    def _commanded(self, run: Run, order: ImmediateCommand) -> "Future[RunDocument]":
        done = self._here(run, lambda: self._changes.command(run, order))
        return self._scheduler.submit_seen(run, done, lambda _: self._observer.document(run))

    def _here(self, run: Run, job: Callable[[], Result]) -> Callable[[], Result]:
        """The job, for the scheduler's thread, if the run is still here by then."""

        def checked() -> Result:
            if self._scheduler.runs.get(run.id) is not run:
                raise no_run(run.id)
            return job()

        return checked
