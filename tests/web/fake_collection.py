"""A collection of runs that do not train."""

from collections.abc import Callable, Sequence

from app.errors import NotFound
from app.runs.collection import Listed
from app.runs.limits import Standing
from app.schemas.run import RunDocument
from app.storage.store import Store


class FakeCollection:
    """The runs of a FakeService, which `seen` gives."""

    def __init__(self, store: Store, seen: Callable[[str], RunDocument]) -> None:
        self.standing_of: Standing | None = None
        self._store = store
        self._seen = seen

    def listed(self, visitor: str, *, binned: bool = False) -> list[Listed]:
        listed: list[Listed] = []
        for row in self._store.runs(visitor, binned=binned):
            try:
                run = self._seen(row.id)
            except NotFound:  # of another service on the same store
                continue
            listed.append(Listed(row, run.experiment.given(), 0.5, run.message, lambda run=run: run))
        return listed

    def some(self, visitor: str, run_ids: Sequence[str]) -> list[Listed]:
        return [run for run in self.listed(visitor) if run.row.id in run_ids]

    def owned(self, visitor: str, run_ids: Sequence[str], *, binned: bool = False) -> list[str]:
        return [run.row.id for run in self.listed(visitor, binned=binned) if run.row.id in run_ids]

    def training(self, visitor: str) -> set[str]:
        return {run.row.id for run in self.listed(visitor) if self._seen(run.row.id).playing}

    def standing(self, visitor: str) -> Standing:
        return self.standing_of or Standing(len(self.listed(visitor)), None, 0, None, None, None)

    def label(
        self, run_id: str, *, name: str | None = None, notes: str | None = None, tags: Sequence[str] | None = None
    ) -> None:
        self._store.label(run_id, name=name, notes=notes, tags=tags)

    def share(self, run_id: str) -> str:
        return self._store.share(run_id)

    def unbin(self, visitor: str, run_ids: Sequence[str]) -> None:
        self._store.unbin(run_ids)
