"""A run as it is kept: a snapshot that the scheduler takes between two updates, and the way back to a run.

A snapshot holds references to what never changes in place, so that taking one costs next to nothing; turning it into
JSON and bytes is the keeper's affair.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from pydantic import JsonValue

from app.engine.checkpoint import Checkpoint, JournalEntry, state_from_tensors, state_to_tensors
from app.engine.divergence import Divergence
from app.engine.history import History, columns
from app.engine.program import Program
from app.engine.setup import Uploads, build_setup, starts_anew
from app.engine.timeline import Ahead, Kept, Timeline
from app.engine.trainer import Trainer
from app.errors import InvalidInput, PlaygroundError
from app.families.base import Setup
from app.families.registry import family_of
from app.runs.channel import Channel
from app.runs.run import Goal, Run, new_id
from app.runs.seen import Seen
from app.schemas.document import Document
from app.schemas.experiment import Experiment
from app.schemas.run import Count, Entry, RunDocument, Status


class StoredGoal(Document):
    """Where playing ends."""

    epoch: int | None = None
    step: int | None = None
    single: bool = False


class StoredDivergence(Document):
    """Where training stopped being finite."""

    step: Count
    layer: Count
    layers: Count
    where: Literal["activations", "gradients"]


class StoredAhead(Document):
    """What a run that has gone back had passed already."""

    entries: tuple[Entry, ...]
    step: Count
    epoch: Count


class RunRecord(Document):
    """What is kept besides state, journal and history."""

    version: Literal[1] = 1
    document: RunDocument
    """The run as it is told while it sleeps."""
    start: Experiment
    """The Experiment at step 0."""
    attended: bool
    goal: StoredGoal | None
    ahead: StoredAhead | None = None
    ended: Status
    reason: str
    divergence: StoredDivergence | None = None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One run between two updates."""

    visitor: str
    record: RunRecord
    checkpoint: Checkpoint
    channel: Channel
    """Those who listen are told when it is on disk."""
    sketch: np.ndarray | None
    """What it answered over the plane when it was last seen, if that still holds."""

    def to_json(self) -> dict[str, JsonValue]:
        """The record in JSON's types. Experiments hold only what was given: patches apply to that."""
        record, document = self.record, self.record.document
        return {
            **record.model_dump(mode="json", exclude={"document", "start"}),
            "start": record.start.given(),
            "document": {
                **document.model_dump(mode="json", exclude={"experiment", "resolved", "links"}),
                "experiment": document.experiment.given(),
                "resolved": document.resolved.document(),
            },
        }


def snapshot(run: Run) -> Snapshot:
    """The run as it stands. The scheduler's thread only."""
    goal = run.goal
    record = RunRecord(
        document=run.document(),
        start=run.start,
        attended=run.attended,
        goal=None if goal is None else StoredGoal(epoch=goal.epoch, step=goal.step, single=goal.single),
        ahead=_stored_ahead(run.timeline.ahead),
        ended=run.ended,
        reason=run.reason,
        divergence=None if run.divergence is None else StoredDivergence(**asdict(run.divergence)),
    )
    sketch = run.seen.sketch if run.seen.revision == run.revision else None
    return Snapshot(run.visitor, record, run.trainer.checkpoint(), run.channel, sketch)


@dataclass(frozen=True)
class Stored:
    """What was kept of a run, as it is read again."""

    visitor: str
    created: datetime
    record: RunRecord
    journal: tuple[JournalEntry, ...]
    state: Mapping[str, np.ndarray] | None
    """None at step 0 with an empty journal."""
    history: bytes

    def setup(self, tables: Uploads) -> Setup:
        """Data and resolved Experiment. Raises InvalidInput, or NotFound where its upload is gone."""
        return build_setup(self.record.document.experiment, tables)

    def checkpoint(self, setup: Setup) -> Checkpoint:
        """The trainer's side of it. Raises InvalidInput where state, journal and history are not of this network."""
        family = family_of(setup.experiment.family)
        history = History(columns(family, setup))
        try:
            history.load(self.history)
        except ValueError as error:
            raise InvalidInput.at("history", str(error)) from None
        if self.state is None:
            if self.journal:
                raise InvalidInput.at("state", "is missing")
            return Checkpoint((), setup, Trainer(setup).checkpoint().state, history, 0, 0, 0)
        state = state_from_tensors(family, setup, self.state)
        step, epoch, position = (int(np.asarray(count)) for count in state.clock)
        if min(step, epoch, position) < 0 or position >= max(1, setup.prepared.counts[0]):
            raise InvalidInput.at("clock", "does not fit the data")
        return Checkpoint(self.journal, setup, state, history, step, epoch, position)

    def resting(self) -> "Stored":
        """A copy under an id of its own, which does not train."""
        old = self.record
        document = old.document.model_copy(update={"id": new_id(), "playing": False})
        ended: Status = "paused" if old.document.playing else old.ended
        fields = {"document": document, "attended": False, "ended": ended, "goal": None}
        record = old.model_copy(update=fields)
        return replace(self, record=record)

    def anew(self) -> "Stored":
        """The same Experiment at step 0, where the rest cannot be read."""
        old = self.record.document
        document = old.model_copy(update={"revision": old.revision + 1, "origin": old.revision + 1, "playing": False})
        document = document.model_copy(update={"passed": None})
        fields = {"document": document, "start": old.experiment, "goal": None, "ahead": None}
        fields |= {"ended": "created", "reason": "", "divergence": None}
        return replace(self, record=self.record.model_copy(update=fields), journal=(), state=None, history=b"")

    def run(self, checkpoint: Checkpoint, program: Program, tables: Uploads) -> Run:
        """The run as it was. Of its time line only step 0 and the present are there at first."""
        record, document = self.record, self.record.document
        setup = checkpoint.setup
        trainer = Trainer(setup, revision=document.revision)
        trainer.restore(checkpoint)
        run = Run(
            document.experiment,
            trainer,
            program,
            document.speed,
            record.attended,
            self.visitor,
            id=document.id,
            playing=document.playing,
            goal=None if record.goal is None else Goal(**dict(record.goal)),
            ended=record.ended,
            reason=record.reason,
            divergence=None if record.divergence is None else Divergence(**dict(record.divergence)),
            revision=document.revision,
            origin=document.origin,
            created=self.created,
            seen=Seen(document.revision, checkpoint.step, checkpoint.epoch),
        )
        run.channel.keep(document.revision)
        run.start = record.start
        run.timeline = Timeline(run.present(), self._beginning(setup, tables), _ahead(record.ahead))
        return run

    def _beginning(self, present: Setup, tables: Uploads) -> Kept | None:
        """Step 0; None where what was kept tells of another network or other data there, as no run does."""
        start = self.record.start
        try:
            setup = build_setup(start, tables, present)
        except PlaygroundError:
            return None
        if starts_anew(setup, present):
            return None
        return Kept(start, Trainer(setup).checkpoint())


def stored_from(taken: Snapshot, visitor: str) -> Stored:
    """A snapshot as if it had been read again, as a run of `visitor`."""
    checkpoint = taken.checkpoint
    state = None if checkpoint.derived else state_to_tensors(checkpoint.state)
    rows = checkpoint.history.to_bytes()
    return Stored(visitor, datetime.now(UTC), taken.record, checkpoint.journal, state, rows)


def _stored_ahead(ahead: Ahead | None) -> StoredAhead | None:
    if ahead is None:
        return None
    entries = tuple(Entry(step=entry.step, change=dict(entry.change)) for entry in ahead.entries)
    return StoredAhead(entries=entries, step=ahead.step, epoch=ahead.epoch)


def _ahead(stored: StoredAhead | None) -> Ahead | None:
    if stored is None:
        return None
    entries = tuple(JournalEntry(entry.step, entry.change) for entry in stored.entries)
    return Ahead(entries, stored.step, stored.epoch)
