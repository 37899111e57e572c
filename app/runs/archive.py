"""A whole run as one file, to be taken away and brought back: safetensors, whose metadata tell what the tensors are.

The file holds the state with all optimiser slots, the curve, the journal and, where the run learns from an upload, that
too; so the run goes on from it to the same bits, on this server or another.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, JsonValue
from pydantic_core import from_json, to_json
from safetensors.numpy import save

from app.data.pictures.archive import PictureArchive
from app.data.rows import Rows
from app.engine.checkpoint import JournalEntry, state_to_tensors, tensors_from_bytes
from app.errors import InvalidInput, MalformedInput
from app.runs.record import RunRecord, Snapshot, Stored
from app.schemas.data import Points
from app.schemas.document import Document, parse
from app.schemas.picture_data import Pictures
from app.schemas.run import Entry
from app.storage.datasets import DatasetStore

MEDIA_TYPE = "application/octet-stream"
_KEY = "nn_playground_run"
_HISTORY = "history"
_PICTURES = "pictures"
_MOST_ROWS = 50_000
"""Rows of a curve: three times those of ten million epochs."""
_MOST_ENTRIES = 100_000


LONGEST_NAME = 200
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Notes = Annotated[str, Field(max_length=10_000)]
Tags = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=50)], ...], Field(max_length=20)]


class Label(Document):
    """What somebody calls a run."""

    name: Name = ""
    notes: Notes = ""
    tags: Tags = ()


class Archive(Document):
    """What the metadata hold."""

    version: Literal[1] = 1
    label: Label
    record: RunRecord
    journal: tuple[Entry, ...] = Field(max_length=_MOST_ENTRIES)
    table: Rows | None
    """What was uploaded, where it learns from points; pictures are beside the state."""


def to_file(taken: Snapshot, label: Label, datasets: DatasetStore) -> bytes:
    """The file of a run."""
    checkpoint, experiment = taken.checkpoint, taken.record.document.experiment
    data = experiment.data
    table = datasets.get(data.dataset) if isinstance(data, Points) and data.dataset else None
    described: dict[str, JsonValue] = {
        "version": 1,
        "label": label.model_dump(mode="json"),
        "record": taken.to_json(),
        "journal": [{"step": entry.step, "change": dict(entry.change)} for entry in checkpoint.journal],
        "table": Rows.of(table).model_dump(mode="json") if table else None,
    }
    rows = np.frombuffer(checkpoint.history.to_bytes(), np.float64).reshape(-1, len(checkpoint.history.columns))
    state = {} if checkpoint.derived else state_to_tensors(checkpoint.state)
    tensors = {**state, _HISTORY: rows}
    if isinstance(data, Pictures):
        tensors[_PICTURES] = np.frombuffer(datasets.pictures(data.dataset).to_bytes(), np.uint8)
    return save(tensors, {_KEY: to_json(described).decode()})


def from_file(content: bytes, visitor: str, datasets: DatasetStore) -> tuple[Stored, Label]:
    """What `to_file` wrote, as a run of `visitor` that rests. Raises MalformedInput and InvalidInput."""
    tensors = tensors_from_bytes(content)
    text = _metadata(content).get(_KEY)
    if not isinstance(text, str):
        raise MalformedInput("This file holds tensors, but no run.")
    archive = parse(Archive, text)
    history = tensors.pop(_HISTORY, None)
    if history is None or history.dtype != np.float64 or history.ndim != 2 or len(history) > _MOST_ROWS:
        raise InvalidInput.at(_HISTORY, f"must be a matrix of float64 of at most {_MOST_ROWS:,} rows")
    ahead = archive.record.ahead
    changes = [entry.change for entry in (*archive.journal, *(ahead.entries if ahead else ()))]
    if to_json(changes, inf_nan_mode="constants") != to_json(changes, inf_nan_mode="null"):
        raise InvalidInput.at("journal", "must be finite")
    if archive.table is not None:
        datasets.put(archive.table.table("table.points"), visitor)
    if (pictures := tensors.pop(_PICTURES, None)) is not None:
        datasets.put(PictureArchive.from_bytes(pictures.tobytes()), visitor)
    journal = tuple(JournalEntry(entry.step, entry.change) for entry in archive.journal)
    stored = Stored(visitor, datetime.now(UTC), archive.record, journal, tensors or None, history.tobytes())
    return stored.resting(), archive.label


def _metadata(content: bytes) -> dict[str, Any]:
    """What stands in the header besides the tensors; the file was found to be well-formed."""
    length = int.from_bytes(content[:8], "little")
    return from_json(content[8 : 8 + length]).get("__metadata__") or {}
