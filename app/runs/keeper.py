"""Keeps runs: the one thread that writes to the store, in batches, behind everybody's back.

What is kept of a run is always the whole truth about one moment, written in one transaction: record, journal, state and
the rows of history that are new. So a run goes on from what was kept last, whatever happened to the server since.
"""

import logging
from collections.abc import Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition, Thread
from time import monotonic, perf_counter

import numpy as np
from sqlalchemy.exc import InterfaceError, OperationalError

from app.engine.checkpoint import JournalEntry, state_to_bytes, tensors_from_bytes
from app.errors import ComputationFailed
from app.families.base import of_plane
from app.probes.thumbnail import thumbnail
from app.runs.futures import ending
from app.runs.record import RunRecord, Snapshot, Stored, snapshot
from app.runs.run import Run
from app.schemas.document import parse_value
from app.storage.records import (
    Change,
    DropCheckpoint,
    PutCheckpoint,
    PutHistory,
    PutJournal,
    PutRun,
    PutThumbnail,
)
from app.storage.store import Store

_BATCH_SECONDS = 0.25
"""What nobody waits for is gathered so long."""
_RETRY_SECONDS = 1.0
PICTURE_SECONDS = 10.0
"""What trains gets a new picture no more often than this."""
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Written:
    """How much of a run the store has."""

    journal: tuple[JournalEntry, ...]
    origin: int
    step: int
    """Of the last row of history."""


class Keeper:
    """See the module. `note` belongs to the scheduler's thread, all else may be called from any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._condition = Condition()
        self._pending: dict[str, Snapshot] = {}
        self._writing: Collection[str] = ()
        self._waiting: list[Future[None]] = []
        self._written: dict[str, _Written] = {}
        self._pictured: dict[str, tuple[np.ndarray, float]] = {}
        """What was drawn of each run, and when."""
        self._stopping = False
        self._ended = False
        self._thread = Thread(target=self._work, name="keeper", daemon=True)
        self.seconds = 0.0
        """Time spent on writing so far."""

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self) -> None:
        """Ends once all that was noted is written."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(timeout=2)

    def note(self, run: Run) -> None:
        """Has the run kept as it stands; nothing is copied. One that is still as a page has made it is not worth it."""
        run.kept = monotonic()
        if run.untouched:
            return
        taken = snapshot(run)
        with self._condition:
            self._pending[run.id] = taken
            self._condition.notify()

    def settled(self) -> "Future[None]":
        """Done when all that was noted so far is on disk. Fails where it cannot be written."""
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()
        with self._condition:
            if self._ended:
                future.set_exception(ending())
            else:
                self._waiting.append(future)
                self._condition.notify()
        return future

    def forget(self, run_id: str) -> None:
        """The run is no longer awake, or no more at all."""
        with self._condition:
            self._pending.pop(run_id, None)
        self._written.pop(run_id, None)
        self._pictured.pop(run_id, None)

    def holds(self, run_id: str) -> bool:
        """Whether something of the run is still to be written."""
        with self._condition:
            return run_id in self._pending or run_id in self._writing

    def read(self, run_id: str) -> Stored | None:
        """What was kept of a run."""
        row = self._store.run(run_id)
        if row is None or row.deleted:
            return None
        journal = tuple(JournalEntry(step, change) for step, change in self._store.journal(run_id))
        history = b"".join(self._store.history(run_id))
        content = self._store.checkpoint(run_id)
        state = None if content is None else tensors_from_bytes(content)
        return Stored(row.visitor, row.created, parse_value(RunRecord, row.record), journal, state, history)

    def _work(self) -> None:
        last = 0.0
        while True:
            with self._condition:
                while not (self._waiting or self._stopping):
                    left = last + _BATCH_SECONDS - monotonic()
                    if self._pending and left <= 0:
                        break
                    self._condition.wait(left if self._pending else None)
                taken, self._pending = self._pending, {}
                self._writing = taken.keys()
                waiting, self._waiting = self._waiting, []
                stopping = self._stopping
            written = self._write(taken, waiting)
            self._writing = ()
            last = monotonic() + (0 if written else _RETRY_SECONDS)
            with self._condition:
                if stopping and not (written and self._pending):
                    self._ended = True
                    for future in self._waiting:
                        future.set_exception(ending())
                    return

    def _write(self, taken: dict[str, Snapshot], waiting: "list[Future[None]]") -> bool:
        began = perf_counter()
        try:
            changes = [change for run_id, taken_one in taken.items() for change in self._changes(run_id, taken_one)]
            if changes:
                self._store.write(changes)
        except Exception as error:
            # Whatever is thrown must not end the thread: the disk may have room again, the database be back.
            _logger.exception("runs could not be kept")
            self._recover(taken, again=isinstance(error, OperationalError | InterfaceError))
            for future in waiting:
                future.set_exception(ComputationFailed(f"The server cannot keep its runs now: {type(error).__name__}."))
            return False
        drawn = {change.run_id for change in changes if isinstance(change, PutThumbnail)}
        for run_id, done in taken.items():
            rows = done.checkpoint.history.rows
            self._written[run_id] = _Written(
                done.checkpoint.journal, done.record.document.origin, rows[-1][0] if rows else -1
            )
            if run_id in drawn and done.sketch is not None:
                self._pictured[run_id] = done.sketch, monotonic()
            done.channel.keep(done.record.document.revision)
        for future in waiting:
            future.set_result(None)
        self.seconds += perf_counter() - began
        return True

    def _recover(self, taken: dict[str, Snapshot], *, again: bool) -> None:
        """After a batch that was not written: it is tried again, or without the one that can never be written."""
        for run_id in taken:  # perhaps it was written all the same: all of it is written anew
            self._written.pop(run_id, None)
        if again:
            with self._condition:
                self._pending = {**taken, **self._pending}
        elif len(taken) > 1:
            for run_id, alone in taken.items():
                self._write({run_id: alone}, [])

    def _changes(self, run_id: str, new: Snapshot) -> Iterable[Change]:
        """What the store lacks."""
        document, checkpoint = new.record.document, new.checkpoint
        yield PutRun(
            id=run_id,
            visitor=new.visitor,
            record=new.to_json(),
            playing=document.playing,
            status=document.status,
            step=checkpoint.step,
            epoch=checkpoint.epoch,
            touched=datetime.now(UTC),
        )
        old = self._written.get(run_id)
        same = _common(old.journal, checkpoint.journal) if old else 0
        if old is None or same < max(len(old.journal), len(checkpoint.journal)):
            entries = tuple((entry.step, dict(entry.change)) for entry in checkpoint.journal[same:])
            yield PutJournal(run_id, same, entries)
        if checkpoint.derived:
            yield DropCheckpoint(run_id)
        else:
            yield PutCheckpoint(run_id, checkpoint.step, state_to_bytes(checkpoint.state))
        anew = old is None or old.origin != document.origin
        rows = checkpoint.history.to_bytes(-1 if anew or old is None else old.step)
        if rows or anew:
            yield PutHistory(run_id, document.origin, rows, anew)
        if new.sketch is not None and self._picture_due(run_id, new):
            yield PutThumbnail(run_id, thumbnail(of_plane(checkpoint.setup), new.sketch))

    def _picture_due(self, run_id: str, new: Snapshot) -> bool:
        drawn, at = self._pictured.get(run_id, (None, 0.0))
        if drawn is None or not new.record.document.playing:
            return drawn is not new.sketch
        return at < monotonic() - PICTURE_SECONDS


def _common(old: tuple[JournalEntry, ...], new: tuple[JournalEntry, ...]) -> int:
    """How many entries both begin with."""
    return next(
        (index for index, (a, b) in enumerate(zip(old, new, strict=False)) if a is not b), min(len(old), len(new))
    )
