"""How far a sweep is: its trials, whether it runs, and how that is told and kept. Safe from any thread."""

from collections.abc import Collection, Iterable
from datetime import datetime
from threading import Lock

from app.runs.trials import best_of
from app.schemas.document import parse_value
from app.schemas.sweep import Sweep, SweepDocument, SweepStatus, Trial, TrialStatus
from app.storage.records import SweepRow
from app.storage.store import Store

_ENDED: frozenset[TrialStatus] = frozenset({"finished", "diverged", "failed"})


class Progress:
    """See the module. `trials` is in their order; after the end of the sweep nothing changes any more."""

    def __init__(
        self,
        store: Store,
        sweep_id: str,
        visitor: str,
        created: datetime,
        sweep: Sweep,
        trials: Iterable[Trial],
        status: SweepStatus = "running",
    ) -> None:
        self._store = store
        self.id = sweep_id
        self.visitor = visitor
        self.sweep = sweep
        self._created = created
        self._trials = list(trials)
        self._status: SweepStatus = status
        self._lock = Lock()

    @classmethod
    def of(cls, store: Store, row: SweepRow) -> "Progress":
        """As it was kept."""
        trials = (parse_value(Trial, trial) for trial in row.trials)
        return cls(store, row.id, row.visitor, row.created, parse_value(Sweep, row.sweep), trials, row.status)

    @property
    def running(self) -> bool:
        """Whether it is neither done nor stopped."""
        return self._status == "running"

    @property
    def trials(self) -> tuple[Trial, ...]:
        """As they stand now."""
        return tuple(self._trials)

    @property
    def share(self) -> float:
        """How much of all that is to be trained has been, from 0 to 1."""
        done = sum(1 if trial.status in _ENDED else trial.epoch / self.sweep.epochs for trial in self._trials)
        return done / len(self._trials)

    def update(self, index: int, **values: object) -> None:
        """Changes what is known of one trial. After the last one the sweep is finished, and kept before it is told."""
        with self._lock:
            if self.running:
                self._trials[index] = self._trials[index].model_copy(update=values)
                if all(trial.status in _ENDED for trial in self._trials):
                    self._status = "finished"
                    self._store.update_sweep(self._row())

    def stop(self) -> None:
        """Ends it where it stands, if it runs. A trial that has not ended is as if it had not begun."""
        with self._lock:
            if self.running:
                self._status = "stopped"
                self._trials = [_settled(trial) for trial in self._trials]
            self._store.update_sweep(self._row())

    def add(self) -> None:
        """Keeps it, new."""
        self._store.add_sweep(self._row())

    def keep(self) -> None:
        """Keeps it as it stands now."""
        with self._lock:  # so that nothing older is written after something newer
            self._store.update_sweep(self._row())

    def document(
        self, *, waits: str = "", seconds_left: float | None = None, compiling: Collection[int] = ()
    ) -> SweepDocument:
        """It in words and numbers: why it waits, if it does, and which trials wait for the compiler."""
        with self._lock:  # so that one fits the other
            status, known = self._status, self.trials
        late = frozenset(compiling if status == "running" else ())
        trials = tuple(_compiling(trial) if trial.index in late else trial for trial in known)
        done, best = _done(trials), best_of(self.sweep.objective, trials)
        return SweepDocument(
            id=self.id,
            created=self._created,
            status=status,
            message=_words(status, done, len(trials), waits),
            sweep=self.sweep,
            trials=trials,
            done=done,
            total=len(trials),
            best=None if best is None else best.index,
            seconds_left=seconds_left if status == "running" else None,
        )

    def _row(self) -> SweepRow:
        best = best_of(self.sweep.objective, self._trials)
        return SweepRow(
            id=self.id,
            visitor=self.visitor,
            created=self._created,
            status=self._status,
            sweep=self.sweep.document(),
            trials=[_settled(trial).model_dump(mode="json") for trial in self._trials],
            best=None if best is None else best.model_dump(mode="json"),
            done=_done(self._trials),
            total=len(self._trials),
        )


def in_list(row: SweepRow) -> SweepDocument:
    """A sweep as a list tells it: of its trials none but the best."""
    best = None if row.best is None else parse_value(Trial, row.best)
    return SweepDocument(
        id=row.id,
        created=row.created,
        status=row.status,
        message=_words(row.status, row.done, row.total),
        sweep=parse_value(Sweep, row.sweep),
        trials=() if best is None else (best,),
        done=row.done,
        total=row.total,
        best=None if best is None else best.index,
        seconds_left=None,
    )


def _compiling(trial: Trial) -> Trial:
    return trial.model_copy(update={"status": "compiling"}) if trial.status == "waiting" else trial


def _settled(trial: Trial) -> Trial:
    return trial if trial.status in _ENDED else trial.model_copy(update={"status": "waiting", "epoch": 0})


def _done(trials: Iterable[Trial]) -> int:
    return sum(1 for trial in trials if trial.status in _ENDED)


def _words(status: SweepStatus, done: int, total: int, waits: str = "") -> str:
    if status == "finished":
        return f"All {total} trials are done."
    if status == "stopped":
        return f"Stopped after {done} of {total} trials."
    return f"{done} of {total} trials are done. {waits}".rstrip()
