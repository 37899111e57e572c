"""How a run is told to the outside."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from app.schemas.document import Document
from app.schemas.experiment import Experiment

Status = Literal["created", "queued", "compiling", "running", "paused", "diverged", "finished", "failed"]
Applied = Literal["live", "reinitialised", "recompiled"]
Part = Literal["train", "validation", "test"]

Count = Annotated[int, Field(ge=0, le=2**53)]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


class RunDocument(Document):
    """One run as it stands at `step`."""

    id: str
    status: Status
    message: str
    """The status in words, for people."""
    experiment: Experiment
    """As it now reads, every patch applied; derived defaults stay unset."""
    resolved: Experiment
    """The same with derived defaults filled in."""
    revision: Count
    """Counts the changes made to this run."""
    origin: Count
    """The revision at which its curve began: it last started at step 0, or went back to an earlier moment."""
    step: Count
    """Updates done."""
    epoch: Count
    """Passes finished."""
    speed: float | None = Field(gt=0, le=1_000_000)
    """Epochs per second that it plays at, or null for as fast as the server can."""
    playing: bool
    """Whether it trains, or will as soon as it can."""
    passed: Count | None = None
    """The last epoch that it has passed, where it has gone back; null where it stands there."""
    undo: str | None
    """What the last change was, in words, if it can be taken back."""
    redo: str | None
    """What was taken back last, if it can be made again."""
    metrics: dict[Part, dict[str, float | None] | None] | None
    """Exact for the parameters at `step`, by part; null while nothing is compiled yet, or for an empty part."""
    parameters: int
    """How many weights and biases the network has."""
    links: dict[str, str] = Field(default_factory=dict)
    """Where its other resources are."""


class PatchedRun(RunDocument):
    """A run after a patch."""

    applied: Applied
    """What the change did: took effect at once, started training anew, or had to wait for a compile as well."""


class Entry(Document):
    """One change of a run that started nothing anew."""

    step: Count
    """The updates that had been done."""
    change: dict[str, JsonValue]
    """A merge patch on the Experiment, an `edit`, or a `step` of single samples."""


class Journal(Document):
    """What determines a run, bit for bit: an Experiment, what was done to it and when, and how far it went."""

    experiment: Experiment
    """As it read at step 0."""
    entries: tuple[Entry, ...]
    step: int
