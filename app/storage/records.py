"""What goes into the store and what comes out of it. Times are aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue


@dataclass(frozen=True)
class PutRun:
    """A run as it stands. A new one is created now; name, notes, tags, share, bin and thumbnail of an old one stay."""

    id: str
    visitor: str
    record: Mapping[str, JsonValue]
    playing: bool
    status: str
    step: int
    epoch: int
    touched: datetime


@dataclass(frozen=True)
class PutJournal:
    """What was done to a run from entry `keep` on, which replaces what was written from there on."""

    run_id: str
    keep: int
    entries: tuple[tuple[int, Mapping[str, JsonValue]], ...]
    """Steps, and what was done at them."""


@dataclass(frozen=True)
class PutCheckpoint:
    """The state of a run at `step`, which replaces the one before."""

    run_id: str
    step: int
    state: bytes


@dataclass(frozen=True)
class DropCheckpoint:
    """A run has no state any more: it starts at step 0."""

    run_id: str


@dataclass(frozen=True)
class PutHistory:
    """More rows of the curve that began at revision `origin`; `anew` forgets all that was written before."""

    run_id: str
    origin: int
    rows: bytes
    anew: bool


@dataclass(frozen=True)
class PutThumbnail:
    """A small picture of a run."""

    run_id: str
    thumbnail: str


Change = PutRun | PutJournal | PutCheckpoint | DropCheckpoint | PutHistory | PutThumbnail


@dataclass(frozen=True)
class RunRow:
    """All that is known of a run, save what is large."""

    id: str
    visitor: str
    record: dict[str, JsonValue]
    playing: bool
    status: str
    step: int
    epoch: int
    created: datetime
    touched: datetime
    name: str
    notes: str
    tags: tuple[str, ...]
    share: str | None
    """The token of its link, where it is shared."""
    deleted: datetime | None
    """When it was put into the bin, where it is there."""
    bytes: int
    """The size of record, checkpoint and history."""
    thumbnail: str | None


@dataclass(frozen=True)
class TokenRow:
    """A token of the REST interface, without its secret."""

    name: str
    visitor: str
    created: datetime


@dataclass(frozen=True)
class SweepRow:
    """A sweep as it stands."""

    id: str
    visitor: str
    created: datetime
    status: Literal["running", "stopped", "finished"]
    sweep: dict[str, JsonValue]
    trials: list[dict[str, JsonValue]]
    """Empty in a list of sweeps."""
    best: dict[str, JsonValue] | None
    """The trial that did best so far."""
    done: int
    total: int
