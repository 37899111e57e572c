"""What the web layer and the command line may do with runs. Safe from any thread.

Preparing data happens in the caller's thread or in the preparer's, so that neither the event loop nor the scheduler
waits for it; everything that touches a run is a job of the scheduler.
"""

import gc
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from threading import Thread

import numpy as np
from pydantic import JsonValue

from app.data.dataset import Prepared
from app.engine import xla
from app.engine.history import History
from app.engine.program import Program
from app.errors import LimitReached
from app.families.base import Responses, Setup
from app.runs.admission import Admission
from app.runs.background import Background
from app.runs.branches import Branches
from app.runs.changes import Changes
from app.runs.channel import Listener
from app.runs.collection import RunCollection
from app.runs.compiler import Compiler
from app.runs.creation import Creation
from app.runs.explaining import Explaining
from app.runs.figures import figures
from app.runs.futures import Result, after, fulfil, pass_error
from app.runs.keeper import Keeper
from app.runs.landscapes import Landscapes
from app.runs.limits import Limits
from app.runs.observer import Observer
from app.runs.orders import Orders
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import Access, Shelf
from app.runs.sight import Sight
from app.runs.subscription import Subscription
from app.runs.sweeps import Sweeps
from app.runs.warm_up import WarmUp
from app.schemas.command import Command
from app.schemas.experiment import Experiment
from app.schemas.finding import Diagnosis
from app.schemas.frame import FramePart
from app.schemas.landscape import Landscape, LandscapeRequest
from app.schemas.patch import apply_patch
from app.schemas.run import Journal, PatchedRun, RunDocument
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import Store

_SWITCH_SECONDS = 0.001
_OLD_COLLECTIONS = 1000
"""Collections of younger garbage between two of all."""


class RunService:
    """See the module."""

    def __init__(self, settings: Settings, datasets: DatasetStore, store: Store) -> None:
        xla.configure(settings.cache_dir, busy=lambda: self.scheduler.busy)
        self._settings = settings
        self.observer = Observer()
        self.limits = Limits(settings)
        self.keeper = Keeper(store)
        self.scheduler = Scheduler(settings, self.observer, self.keeper, self.limits)
        self.compiler = Compiler(self._compiled)
        self.admission = Admission(self.limits, self.scheduler, self.compiler, store)
        self.shelf = Shelf(settings, store, datasets, self.scheduler, self.compiler, self.keeper, self.admission)
        self.creation = Creation(self.shelf, self.scheduler, self.observer, self.keeper, self.admission)
        self.collection = RunCollection(store, self.scheduler, self.shelf, self.admission)
        self.figures = partial(figures, self.scheduler, self.observer, self.compiler, self.keeper)
        changes = Changes(self.scheduler, self.compiler, self.admission)
        self._orders = Orders(changes, self.scheduler, self.observer, self.admission, datasets)
        self._sight = Sight(self.scheduler)
        self._background = Background(self.scheduler, self.limits)
        self._landscapes = Landscapes(self.scheduler, self.limits, self._background)
        self.explaining = Explaining(settings, self.shelf, self.scheduler, self.limits, self.compiler, self._background)
        self.sweeps = Sweeps(store, datasets, self.compiler, self.limits, self._background)
        self.branches = Branches(changes, self.shelf, self.scheduler, self.keeper, self.admission)
        self._warm_up = WarmUp(settings.cache_dir, self.compiler)

    @property
    def ready(self) -> bool:
        """Whether the default network can be trained at once."""
        return self._warm_up.ready

    def start(self) -> None:
        """Starts the threads, and compiling what is most likely to be asked for."""
        # A thread that traces keeps the interpreter's lock as long as it may; every frame needs that lock many times.
        sys.setswitchinterval(_SWITCH_SECONDS)
        # Looking for garbage everywhere takes 90 ms where everything was imported, half a second where a network is
        # traced, and nothing else runs then: what was imported stays, and what is not young is rarely looked through.
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], _OLD_COLLECTIONS)
        self.compiler.start()
        self.keeper.start()
        self.scheduler.start()
        self._background.start()
        Thread(target=self._resume, name="resume", daemon=True).start()
        if self._settings.warm_up:
            self._warm_up.start()

    def _resume(self) -> None:
        self.shelf.resume()
        self.sweeps.resume()

    def stop(self) -> None:
        """Ends the threads."""
        self._warm_up.stop()
        self.compiler.stop()
        self._background.stop()
        self.explaining.stop()
        self.scheduler.stop()
        self.keeper.stop()

    def create(
        self,
        experiment: Experiment,
        *,
        visitor: str,
        play: bool = False,
        speed: float | None = None,
        attended: bool = False,
    ) -> RunDocument:
        """A new run. Raises what Creation.create raises."""
        (run,) = self.creation.create([experiment], visitor=visitor, play=play, speed=speed, attended=attended)
        return run

    def owns_awake(self, run_id: str, visitor: str) -> bool:
        """Whether the run is awake, and the visitor's."""
        return self.shelf.owns_awake(run_id, visitor)

    def access(self, run_id: str, visitor: str) -> Access:
        """What a visitor may do with a run, which is awake afterwards. Raises NotFound where that is nothing."""
        return self.shelf.access(run_id, visitor)

    def run(self, run_id: str) -> "Future[RunDocument]":
        """One run as it stands now, with exact metrics."""
        run = self._find(run_id)
        return self.scheduler.submit_seen(run, lambda: None, lambda _: self.observer.document(run))

    def seen(self, run_id: str) -> RunDocument:
        """One run as it was last seen, at once."""
        return self._find(run_id).document()

    def patch(self, run_id: str, patch: dict[str, JsonValue], *, together: bool = False) -> "Future[PatchedRun]":
        """Applies a merge patch. Raises InvalidInput, and leaves the run as it was.

        Those that are `together`, as while a slider moves, are undone together.
        """
        run = self._find(run_id)
        return self._kept(self._orders.change(run, lambda: apply_patch(run.experiment, patch), together=together))

    def open(self, run_id: str, experiment: Experiment, called: str) -> "Future[PatchedRun]":
        """Has a run begin another Experiment at step 0, as one change. Raises what `create` raises."""
        return self._kept(self._orders.change(self._find(run_id), lambda: experiment, opened=called))

    def command(self, run_id: str, command: Command) -> "Future[RunDocument]":
        """Applies a command; the result comes when it is done and on disk, of `step` and `rewind` when it is there."""
        return self._kept(self._orders.command(self._find(run_id), command))

    def delete(self, run_id: str) -> None:
        """Puts a run into the bin; its streams end."""
        self._find(run_id)
        self.shelf.bin([run_id])

    def copy(self, run_id: str, visitor: str) -> RunDocument:
        """The same run once more, as a visitor's own; it rests where the other stands. Raises LimitReached."""
        return self.shelf.copy(run_id, visitor)

    def history(self, run_id: str) -> History:
        """The recorded metrics."""
        return self._find(run_id).trainer.history

    def journal(self, run_id: str) -> "Future[Journal]":
        """What was done to it since step 0."""
        run = self._find(run_id)
        return self.scheduler.submit(run.journal, run)

    def data(self, run_id: str) -> Prepared:
        """The arrays that the run sees."""
        return self._find(run_id).trainer.setup.prepared

    def parameters(self, run_id: str) -> "Future[dict[str, np.ndarray]]":
        """Weights and biases by name, without padding."""
        run = self._find(run_id)
        return self.scheduler.submit(run.trainer.tensors, run)

    def predict(self, run_id: str, inputs: np.ndarray) -> "Future[np.ndarray]":
        """Outputs (n, outputs) for raw inputs, when compiled. Raises InvalidInput where its family takes others."""
        run = self._find(run_id)
        run.trainer.family.questions(run.trainer.setup, inputs)  # refuses them at once
        return self._sight.submit(run, lambda: run.trainer.predict(run.program, inputs))

    def answers(self, run_id: str) -> "Future[tuple[Setup, Responses]]":
        """What the network answers to its samples, and the set-up that has them. Waits for the compiler."""
        run = self._find(run_id)
        return self._sight.submit(run, lambda: (run.trainer.setup, run.trainer.respond(run.program)))

    def diagnosis(self, run_id: str) -> "Future[Diagnosis]":
        """What stands out in the run as it stands now. Waits for the compiler."""
        run = self._find(run_id)
        return self._sight.submit(run, lambda: self.observer.diagnosis(run))

    def draw_landscape(self, run_id: str, wanted: LandscapeRequest) -> "Future[Landscape]":
        """Begins a landscape of the loss around a run as it is now. Waits for the compiler.

        Raises LimitReached, and Conflict where there is no trajectory to draw it along.
        """
        run = self._find(run_id)
        return self._sight.submit(run, lambda: self._landscapes.draw(run, wanted), aside=False)

    def landscape(self, run_id: str) -> Landscape | None:
        """The last landscape that was asked for, as far as it is drawn. Raises what has ended it."""
        return self._landscapes.last(self._find(run_id).id)

    def subscribe(
        self,
        run_ids: Sequence[str],
        parts: frozenset[FramePart],
        last_event_id: str,
        *,
        gzip: bool = False,
        watcher: str = "",
    ) -> Subscription:
        """The event stream of these runs, for a visitor who watches them, if that is known."""
        if len(run_ids) > self._settings.max_runs_per_stream:
            raise LimitReached(f"One stream shows at most {self._settings.max_runs_per_stream} runs.")
        runs = [self._find(run_id) for run_id in run_ids]
        open_streams = set[Listener]().union(*(run.channel.listeners for run in list(self.scheduler.runs.values())))
        self.limits.admit_stream(watcher, [listener.watcher for listener in open_streams])

        def refresh(run: Run) -> "Future[None]":
            shown: Future[None] = Future()
            shown.set_running_or_notify_cancel()  # from here on nobody can cancel it: whoever listens may leave
            show = partial(fulfil, shown, partial(self.observer.show, run))
            begun = self.scheduler.submit(lambda: self.scheduler.aside.show(run, show), run)
            begun.add_done_callback(lambda future: pass_error(future, shown))
            return shown

        return Subscription(runs, parts, last_event_id, watcher=watcher, gzip=gzip, refresh=refresh)

    def _find(self, run_id: str) -> Run:
        return self.shelf.find(run_id)

    def _kept(self, future: "Future[Result]") -> "Future[Result]":
        """The same result, once what led to it is on disk."""
        return after(future, self.keeper.settled)

    def _compiled(self, program: Program) -> None:
        """The compiler's word that a program can do more: its runs are shown, or told that it failed."""

        def tell() -> None:
            for run in list(self.scheduler.runs.values()):
                if run.program is program:
                    self.scheduler.submit(partial(self._can_do_more, run), run)
            self._sight.compiled()

        self.scheduler.submit(tell)

    def _can_do_more(self, run: Run) -> None:
        if run.program.error:
            self.scheduler.end(run, "failed")
        self.scheduler.changed(run)
