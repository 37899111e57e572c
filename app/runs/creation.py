"""Runs that are made: one, or several that begin together.

Whatever refuses one of them (its data, a limit) refuses them all, before any is there. Preparing data happens in the
caller's thread.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from app.engine.setup import build_setup
from app.runs.admission import Admission
from app.runs.futures import fulfil
from app.runs.keeper import Keeper
from app.runs.observer import Observer
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import Shelf
from app.schemas.command import Until
from app.schemas.experiment import Experiment
from app.schemas.run import RunDocument


class Creation:
    """See the module. Safe from any thread."""

    def __init__(
        self, shelf: Shelf, scheduler: Scheduler, observer: Observer, keeper: Keeper, admission: Admission
    ) -> None:
        self._shelf = shelf
        self._scheduler = scheduler
        self._observer = observer
        self._keeper = keeper
        self._admission = admission

    def create(
        self,
        experiments: Sequence[Experiment],
        *,
        visitor: str,
        play: bool = False,
        until: Until | None = None,
        speed: float | None = None,
        attended: bool = False,
    ) -> list[RunDocument]:
        """A new run of each Experiment, on disk. Those that play do so `until` there, or without end.

        Raises InvalidInput where an Experiment does not fit its data, LimitReached when full.
        """
        self._admission.run(visitor, len(experiments))
        runs: list[Run] = []
        for experiment in experiments:
            setup = build_setup(experiment, self._shelf.datasets)
            program = self._admission.program(setup, visitor)
            runs.append(Run.create(experiment, setup, program, speed=speed, attended=attended, visitor=visitor))
        self._shelf.make_room(len(runs))  # only now: for what does not fit nobody's run is to go

        def admit() -> None:
            if play:
                self._admission.play(visitor, len(runs))
            for run in runs:
                self._scheduler.runs[run.id] = run
                if play:
                    run.play(until)
                self._scheduler.changed(run)
            self._shelf.tidy()
            for run, document in zip(runs, documents, strict=True):
                self._scheduler.aside.see(run, partial(fulfil, document, partial(self._observer.document, run)))

        documents: list[Future[RunDocument]] = [Future() for _ in runs]
        self._scheduler.submit(admit).result()
        told = [document.result() for document in documents]
        self._keeper.settled().result()
        return told
