"""Which runs are awake, and whose they are.

A run is awake while it trains, is watched, or was asked for lately; the others sleep in the store, where they cost no
memory, and wake when somebody asks for them. Waking needs the data that a run learns from, so it is done in the thread
of whoever asks; all else that touches a run is a job of the scheduler.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from time import monotonic
from typing import Literal

from app.errors import InvalidInput, LimitReached, NotFound
from app.runs.admission import Admission
from app.runs.archive import Label, from_file, to_file
from app.runs.compiler import Compiler
from app.runs.keeper import Keeper
from app.runs.record import Snapshot, Stored, snapshot, stored_from
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.schemas.run import RunDocument
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import Store

Access = Literal["owner", "reader"]

_SPARE = 50
"""How many runs are looked at to find one that can go."""
_RESTFUL_SECONDS = 60.0
"""What was asked for more recently stays awake."""
BIN_TIME = timedelta(days=1)
"""What was put into the bin longer ago is removed."""
_EMPTYING_SECONDS = 3600.0
_logger = logging.getLogger(__name__)


class Shelf:
    """See the module."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        datasets: DatasetStore,
        scheduler: Scheduler,
        compiler: Compiler,
        keeper: Keeper,
        admission: Admission,
    ) -> None:
        self._settings = settings
        self.store = store
        self.datasets = datasets
        self._scheduler = scheduler
        self._compiler = compiler
        self._keeper = keeper
        self._admission = admission
        self._waking = Lock()
        self._emptied = float("-inf")
        """When the bin was last looked through."""

    def find(self, run_id: str) -> Run:
        """A run, woken if it sleeps. Raises NotFound."""
        run = self._scheduler.runs.get(run_id) or self._wake(run_id)
        run.used = monotonic()
        return run

    def owns_awake(self, run_id: str, visitor: str) -> bool:
        """Whether the run is awake, and the visitor's. Reads nothing."""
        run = self._scheduler.runs.get(run_id)
        if run is None or run.visitor != visitor:
            return False
        run.used = monotonic()
        return True

    def access(self, run_id: str, visitor: str) -> Access:
        """What a visitor may do with a run. Raises NotFound where that is nothing, as if there were no such run."""
        if self.owns_awake(run_id, visitor):
            return "owner"
        row = self.store.run(run_id)
        owner = row is not None and row.visitor == visitor
        if row is None or row.deleted is not None or not (owner or self.store.is_reader(run_id, visitor)):
            raise no_run(run_id)
        self.find(run_id)
        return "owner" if owner else "reader"

    def resume(self) -> None:
        """Wakes the runs that were training when the server ended."""
        for run_id in self.store.playing():
            try:
                self.find(run_id)
            except Exception:  # whatever is wrong with one must not keep the others from going on
                _logger.exception("a run that was training cannot go on")

    def make_room(self, wanted: int = 1) -> None:
        """Where the server has as many runs as it may, those left longest go for new ones, if nobody has named them."""
        if monotonic() - self._emptied > _EMPTYING_SECONDS:
            self._emptied = monotonic()
            self.store.purge_binned(datetime.now(UTC) - BIN_TIME)
        missing = min(wanted, self.store.count() + wanted - self._settings.max_runs)
        if missing <= 0:
            return
        awake = self._scheduler.runs
        resting = [run_id for run_id in self.store.resting(_SPARE) if not _is_used(awake.get(run_id))]
        if len(resting) >= missing:
            self.bin(resting[:missing])
            return
        raise LimitReached(f"All {self._settings.max_runs:,} runs of this server are in use. Delete one first.")

    def bin(self, run_ids: Sequence[str]) -> None:
        """Puts runs into the bin, which holds no more of a visitor's than the visitor may have; their streams end."""
        self._keeper.settled().result()  # where nothing can be written, nothing is begun
        with self._waking:  # from now on nobody can wake them
            self.store.bin(run_ids)
        settings = self._settings
        self.store.trim_bin(settings.max_runs if settings.single_user else settings.max_runs_per_visitor)
        for run_id in run_ids:
            run = self._scheduler.runs.get(run_id)
            if run is not None:
                self._scheduler.submit(partial(self._scheduler.remove, run), run).result()
        self._keeper.settled().result()
        for run_id in run_ids:
            self._keeper.forget(run_id)

    def keep(self, run_id: str) -> None:
        """Has a run kept that a page has just made, too: somebody cares for it."""
        run = self._scheduler.runs.get(run_id)
        if run is not None and run.untouched:
            self._scheduler.submit(lambda: self._keep(run), run).result()
            self._keeper.settled().result()

    def _keep(self, run: Run) -> None:
        run.attended = False
        self._keeper.note(run)

    def copy(self, run_id: str, visitor: str) -> RunDocument:
        """The same run once more, as a visitor's own; it rests where the other stands. Raises LimitReached."""
        self._admission.run(visitor)
        self.make_room()
        return self._add(stored_from(self._snapshot(run_id), visitor).resting()).document()

    def save(self, run_id: str, *, labelled: bool = True) -> bytes:
        """The whole run as one file, with what its owner calls it where it is to be `labelled`."""
        row = self.store.run(run_id) if labelled else None
        label = Label(name=row.name, notes=row.notes, tags=row.tags) if row else Label()
        return to_file(self._snapshot(run_id), label, self.datasets)

    def load(self, content: bytes, visitor: str) -> RunDocument:
        """A run from such a file, as a visitor's own.

        Raises MalformedInput, InvalidInput where it does not fit, and LimitReached.
        """
        self._admission.run(visitor)
        stored, label = from_file(content, visitor, self.datasets)
        self.make_room()
        run = self._add(stored)
        self.store.label(run.id, name=label.name, notes=label.notes, tags=label.tags)
        return run.document()

    def _snapshot(self, run_id: str) -> Snapshot:
        run = self.find(run_id)
        return self._scheduler.submit(lambda: snapshot(run), run).result()

    def _add(self, stored: Stored) -> Run:
        """Puts a run here that comes from elsewhere. Raises InvalidInput where its parts do not fit each other."""
        setup = stored.setup(self.datasets)
        run = stored.run(stored.checkpoint(setup), self._admission.program(setup, stored.visitor), self.datasets)
        self._scheduler.submit_seen(run, lambda: self._admit(run, anew=True), lambda _: None).result()
        self._keeper.settled().result()
        return run

    def tidy(self) -> None:
        """Lets idle runs sleep where too many are awake. The scheduler's thread."""
        runs, aside, now = self._scheduler.runs, self._scheduler.aside, monotonic()
        idle = [run for run in runs.values() if not (run.playing or run.channel.listeners or aside.holds(run))]
        idle.sort(key=lambda run: run.used)
        for run in idle[: max(0, len(idle) - self._settings.max_idle_awake)]:
            if now - run.used > _RESTFUL_SECONDS and not self._keeper.holds(run.id):
                del runs[run.id]
                self._keeper.forget(run.id)

    def _wake(self, run_id: str) -> Run:
        with self._waking:
            run = self._scheduler.runs.get(run_id)
            if run is not None:
                return run
            stored = self._keeper.read(run_id)
            if stored is None:
                raise no_run(run_id)
            setup = stored.setup(self.datasets)
            try:
                checkpoint = stored.checkpoint(setup)
            except InvalidInput as error:
                _logger.warning("a run begins anew, since what was kept of it cannot be read: %s", error.detail)
                stored = stored.anew()
                checkpoint = stored.checkpoint(setup)
            woken = stored.run(checkpoint, self._compiler.program(setup), self.datasets)
            self._scheduler.submit(lambda: self._admit(woken)).result()
            return woken

    def _admit(self, run: Run, *, anew: bool = False) -> None:
        self._scheduler.admit(run)
        if anew:
            self._scheduler.changed(run)
        self.tidy()


def _is_used(run: Run | None) -> bool:
    return run is not None and (run.playing or bool(run.channel.listeners))


def no_run(run_id: str) -> NotFound:
    """What is said of a run that is not there, or not the caller's."""
    return NotFound(f"There is no run {run_id[:40]!r}. It may have been deleted.")
