"""What the page tells of each run, in words and numbers for people."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, isfinite

from app.runs.collection import Listed
from app.runs.limits import Standing
from app.runs.shelf import BIN_TIME
from app.web.run_list import kind_of, name_of, titles_of

NEAR = 0.8
"""A limit of which so much is used is worth a word wherever one is."""
_TITLES = {
    "created": "Not trained yet",
    "queued": "Waiting for its turn",
    "compiling": "Compiling…",
    "running": "Training",
    "paused": "Paused",
    "finished": "Finished",
    "diverged": "Diverged",
    "failed": "Failed",
}


@dataclass(frozen=True)
class Card:
    """One run."""

    id: str
    name: str
    """What it is called."""
    own_name: str
    """What somebody has called it; nothing where it has only its title."""
    what: str
    """Data, layers and optimiser."""
    status: str
    words: str
    """Its status with epoch and loss."""
    reason: str
    """Why it does not train, where that needs saying."""
    playing: bool
    notes: str
    tags: tuple[str, ...]
    touched: datetime
    size: str
    shared: bool
    left: str
    """How long it can be restored, where it is in the bin."""
    thumbnail: str
    """As JSON; nothing where there is none."""
    kind: str
    """The kind of data that it learns from."""


def card_of(run: Listed) -> Card:
    """The card of a run."""
    row = run.row
    return Card(
        id=row.id,
        name=name_of(run),
        own_name=row.name,
        what=titles_of(run)[1],
        status=row.status,
        words=words_of(run),
        reason=_reason(run),
        playing=row.playing,
        notes=row.notes,
        tags=row.tags,
        touched=row.touched,
        size=_size(row.bytes),
        shared=row.share is not None,
        left=_left(row.deleted) if row.deleted else "",
        thumbnail=row.thumbnail or "",
        kind=kind_of(run),
    )


def words_of(run: Listed) -> str:
    """`Training · epoch 1,234 · loss 0.0213`."""
    words = [_TITLES[run.row.status]]
    if run.row.step:
        words.append(f"epoch {run.row.epoch:,}")
        if run.loss is not None and isfinite(run.loss):
            words.append(f"loss {_number(run.loss)}")
    return " · ".join(words)


def limits_of(standing: Standing, share: float = 0.0) -> tuple[str, ...]:
    """How much of what a visitor may have is used: of each limit of which at least `share` is."""
    told: list[tuple[float, str]] = []
    if standing.most_runs:
        told.append((standing.runs / standing.most_runs, f"{standing.runs:,} of {standing.most_runs:,} runs"))
    if standing.most_running:
        words = f"{standing.running:,} of {standing.most_running:,} training at once"
        told.append((standing.running / standing.most_running, words))
    if standing.most_compute_seconds and standing.compute_seconds is not None:
        left, most = standing.compute_seconds, standing.most_compute_seconds
        told.append((1 - left / most, f"computing time left: {_minutes(left)} of {_minutes(most)}"))
    return tuple(words for used, words in told if used >= share)


def _number(loss: float) -> str:
    """As static/js/core/format.js writes it."""
    if 0 < loss < 0.0001:
        return f"{loss:.1e}".replace("e-0", "e−").replace("e-", "e−")
    return f"{loss:.4f}" if loss < 1000 else f"{loss:.4g}"


def _reason(run: Listed) -> str:
    """Nothing where the words of its status say the same."""
    return run.words if run.row.status in ("diverged", "failed") or run.words.startswith(("Paused,", "You ")) else ""


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{ceil(size / 1e3):,} kB"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:,.0f} minutes" if seconds >= 120 else f"{seconds:,.0f} seconds"


def _left(deleted: datetime) -> str:
    hours = ceil((deleted + BIN_TIME - datetime.now(UTC)).total_seconds() / 3600)
    return f"{hours} hours" if hours > 1 else "an hour"
