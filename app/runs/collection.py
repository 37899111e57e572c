"""A visitor's runs as a collection: listed without waking any, put into the bin and taken out of it again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pydantic import JsonValue

from app.runs.admission import Admission
from app.runs.limits import Standing
from app.runs.record import RunRecord
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.shelf import Shelf
from app.schemas.document import parse_value
from app.schemas.run import RunDocument
from app.storage.records import RunRow
from app.storage.store import Store

# Of a learning curve or of metrics, the first of these that there is.
_LOSSES = ("test", "train")


@dataclass(frozen=True)
class Listed:
    """One run of a list."""

    row: RunRow
    """What the store has of it; status, step and epoch are as they are now."""
    experiment: Mapping[str, JsonValue]
    """What was given of its Experiment."""
    loss: float | None
    """The last that is known: of the test part, or of the training part where there is no other."""
    words: str
    """Its status in words."""
    document: Callable[[], RunDocument]
    """All of it, as it was last seen."""


class RunCollection:
    """See the module. Safe from any thread."""

    def __init__(self, store: Store, scheduler: Scheduler, shelf: Shelf, admission: Admission) -> None:
        self._store = store
        self._scheduler = scheduler
        self._shelf = shelf
        self._admission = admission

    def listed(self, visitor: str, *, binned: bool = False) -> list[Listed]:
        """A visitor's runs, those touched last first; what a page has just made and nobody has touched is not kept."""
        awake = self._scheduler.runs
        return [_listed(row, awake.get(row.id)) for row in self._store.runs(visitor, binned=binned)]

    def some(self, visitor: str, run_ids: Sequence[str]) -> list[Listed]:
        """Of these runs, those that are the visitor's, as `listed` tells of them."""
        rows = [row for run_id in run_ids if (row := self._store.run(run_id))]
        awake = self._scheduler.runs
        return [_listed(row, awake.get(row.id)) for row in rows if row.visitor == visitor and not row.deleted]

    def owned(self, visitor: str, run_ids: Collection[str], *, binned: bool = False) -> list[str]:
        """Of these runs, those that are the visitor's."""
        return [row.id for row in self._store.runs(visitor, binned=binned) if row.id in run_ids]

    def training(self, visitor: str) -> set[str]:
        """The visitor's runs that train, or will when they have a place."""
        return {run.id for run in list(self._scheduler.runs.values()) if run.visitor == visitor and run.playing}

    def standing(self, visitor: str) -> Standing:
        """How far the visitor is from the limits."""
        return self._admission.standing(visitor)

    def label(
        self, run_id: str, *, name: str | None = None, notes: str | None = None, tags: Sequence[str] | None = None
    ) -> None:
        """Sets what is given of what a run is called."""
        self._shelf.keep(run_id)
        self._store.label(run_id, name=name, notes=notes, tags=tags)

    def share(self, run_id: str) -> str:
        """The token of a run's link, made where it has none yet."""
        self._shelf.keep(run_id)
        return self._store.share(run_id)

    def unshare(self, run_id: str) -> None:
        """The link leads nowhere any more, and whoever has opened it sees the run no more."""
        self._store.unshare(run_id)
        run = self._scheduler.runs.get(run_id)
        if run is not None:
            run.channel.dismiss()

    def bin(self, run_ids: Sequence[str]) -> None:
        """Puts runs into the bin; their streams end."""
        self._shelf.bin(run_ids)

    def unbin(self, visitor: str, run_ids: Sequence[str]) -> None:
        """Takes runs of a visitor out of the bin again. Raises LimitReached where the visitor has too many others."""
        for run_id in run_ids:
            self._admission.run(visitor)
            self._store.unbin([run_id])

    def purge(self, run_ids: Sequence[str]) -> None:
        """Removes runs that are in the bin."""
        self._store.purge(run_ids)


def _listed(row: RunRow, run: Run | None) -> Listed:
    if run is None:
        told = cast("dict[str, Any]", row.record["document"])
        loss = _known_loss(told["metrics"] or {})
        return Listed(row, told["experiment"], loss, told["message"], lambda: _document(row))
    trainer = run.trainer
    now = replace(row, status=run.status, playing=run.playing, step=trainer.step, epoch=trainer.epoch)
    return Listed(now, run.experiment.given(), _last_loss(run), run.message(), run.document)


def _document(row: RunRow) -> RunDocument:
    return parse_value(RunRecord, row.record).document


def _known_loss(metrics: Mapping[str, Mapping[str, float | None] | None]) -> float | None:
    for part in _LOSSES:
        if (values := metrics.get(part)) is not None:
            return values.get("loss")
    return None


def _last_loss(run: Run) -> float | None:
    """Of the last pass that was recorded."""
    history = run.trainer.history
    rows = history.rows[-1:]
    values = dict(zip(history.columns, rows[0], strict=True)) if rows else {}
    return next((values[name] for part in _LOSSES if values.get(name := f"{part}_loss") is not None), None)
