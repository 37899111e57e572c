"""All sweeps: begun, looked at, stopped, deleted; after a restart of the server those that ran go on.

What runs is in memory and in the store, what has ended in the store alone. A sweep is its visitor's alone.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock

from app.errors import NotFound, PlaygroundError
from app.runs.background import Background
from app.runs.compiler import Compiler
from app.runs.limits import Limits
from app.runs.progress import Progress, in_list
from app.runs.run import new_id
from app.runs.search import Search
from app.runs.trials import Planned, plan
from app.schemas.sweep import Sweep, SweepDocument, Trial
from app.storage.datasets import DatasetStore
from app.storage.store import Store

MOST_KEPT = 50
"""Of one visitor."""
_logger = logging.getLogger(__name__)


class Sweeps:
    """See the module. Safe from any thread."""

    def __init__(
        self, store: Store, datasets: DatasetStore, compiler: Compiler, limits: Limits, background: Background
    ) -> None:
        self._store = store
        self._datasets = datasets
        self._compiler = compiler
        self._limits = limits
        self._background = background
        self._searches: dict[str, Search] = {}
        """Those that run, by id; some that ran until lately, too."""
        self._lock = Lock()

    def start(self, sweep: Sweep, visitor: str) -> SweepDocument:
        """Begins one, on disk.

        Raises InvalidInput, TooLarge or NotFound where some trial cannot be trained, LimitReached.
        """
        self._limits.admit_sweep(visitor, self._store.count_sweeps_running(visitor))
        planned = plan(sweep, self._datasets, self._limits)
        trials = (Trial(index=index, values=dict(one.values), status="waiting") for index, one in enumerate(planned))
        progress = Progress(self._store, new_id(), visitor, datetime.now(UTC), sweep, trials)
        with self._lock:
            self._limits.admit_sweep(visitor, self._store.count_sweeps_running(visitor))
            self._make_room(visitor)
            progress.add()
            return self._go(progress, planned).document()

    def resume(self) -> None:
        """Goes on with those that ran when the server ended; one that cannot is stopped."""
        for sweep_id in self._store.sweeps_running():
            try:
                self._resume(sweep_id)
            except Exception:  # whatever is wrong with one must not keep the others from going on
                _logger.exception("a sweep cannot go on")

    def get(self, sweep_id: str, visitor: str) -> SweepDocument:
        """One as it stands now. Raises NotFound where it is not the visitor's."""
        search = self._searches.get(sweep_id)
        if search is not None and search.visitor == visitor:
            return search.document()
        return self._progress(sweep_id, visitor).document()

    def list(self, visitor: str) -> list[SweepDocument]:
        """A visitor's, the newest first, as they were last kept; of their trials none but the best."""
        return [in_list(row) for row in self._store.sweeps(visitor)]

    def stop(self, sweep_id: str, visitor: str) -> SweepDocument:
        """Ends one where it stands; one that has ended stays as it is. Raises NotFound."""
        with self._lock:
            progress = self._progress(sweep_id, visitor)
            progress.stop()
            return progress.document()

    def delete(self, sweep_id: str, visitor: str) -> None:
        """Ends one and forgets it. Raises NotFound."""
        with self._lock:
            self._progress(sweep_id, visitor).stop()
            self._searches.pop(sweep_id, None)
            self._store.delete_sweep(sweep_id)

    def _resume(self, sweep_id: str) -> None:
        row = self._store.sweep(sweep_id)
        if row is None:
            return
        try:
            planned = plan(Progress.of(self._store, row).sweep, self._datasets, self._limits)
        except PlaygroundError:  # limits may have changed
            self.stop(sweep_id, row.visitor)
            raise
        with self._lock:
            row = self._store.sweep(sweep_id)  # it may have been stopped meanwhile, or is one that has just begun
            if row is not None and row.status == "running" and sweep_id not in self._searches:
                self._go(Progress.of(self._store, row), planned)

    def _go(self, progress: Progress, planned: Sequence[Planned]) -> Search:
        search = Search(progress, planned, self._datasets, self._compiler, self._limits)
        self._searches = {old.progress.id: old for old in self._searches.values() if not old.over}
        self._searches[progress.id] = search
        self._background.add(search)
        return search

    def _progress(self, sweep_id: str, visitor: str) -> Progress:
        """How far one is. Raises NotFound where it is not the visitor's, as if it were not there."""
        search = self._searches.get(sweep_id)
        if search is not None and search.visitor == visitor:
            return search.progress
        row = self._store.sweep(sweep_id)
        if row is None or row.visitor != visitor:
            raise NotFound(f"There is no sweep {sweep_id[:40]!r}. It may have been deleted.")
        return Progress.of(self._store, row)

    def _make_room(self, visitor: str) -> None:
        """The oldest that has ended goes where there are as many as are kept."""
        rows = self._store.sweeps(visitor)
        ended = [row.id for row in rows if row.status != "running"]
        if len(rows) >= MOST_KEPT and ended:
            self._store.delete_sweep(ended[-1])
