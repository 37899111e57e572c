"""Own points: what was understood of a text, and the `data` of an Experiment that learns from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.data.dataset import Dataset
from app.data.own import own_points
from app.data.table import Table, parse_csv
from app.errors import PlaygroundError
from app.schemas.data import MAX_INLINE_POINTS, Points
from app.storage.datasets import DatasetStore
from app.web.lab.pictures import Mark, dataset_marks

_SHOWN_ROWS = 5
# Stands for the id of a table that is not stored.
NO_DATASET = "0" * 32


@dataclass(frozen=True)
class Group:
    """The points of one class."""

    name: str
    style: str
    """The class of the style sheet."""
    count: int


@dataclass(frozen=True)
class OwnPreview:
    """What `templates/partials/own_preview.html` shows of a text: points, or what was wrong with it."""

    rows: int = 0
    columns: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    """The first rows."""
    groups: tuple[Group, ...] = ()
    """The classes; none for values."""
    extent: tuple[str, str] | None = None
    """The lowest and the highest value; none for classes."""
    marks: tuple[Mark, ...] = ()
    stored: bool = False
    """Whether the points are too many for the address."""
    unreadable: bool = False
    """Whether it is no text at all, or too much of it."""
    problem: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    """Where, and what."""


def points_patch(table: Table, store: DatasetStore, visitor: str, domain: object = None) -> dict[str, Any]:
    """The `data` of a merge patch that learns from `table` as it is; one that cannot stand inline is stored.

    `visitor` is whose upload that is. `domain` is the part of the plane to draw, unchecked; fitted to the points where
    it is None.
    """
    shared = {"kind": "points", "noise": None, "domain": domain}
    if isinstance(table.labels, tuple) or _too_many(table):
        return {**shared, "dataset": store.put(table, visitor), "points": None, "task": None}
    rows = zip(table.points.tolist(), table.labels.tolist(), strict=True)
    return {**shared, "points": [[*point, label] for point, label in rows], "dataset": None, "task": table.task}


def preview_of(text: str) -> OwnPreview:
    """What would be learnt from `text`, which is CSV."""
    try:
        table = parse_csv(text)
        dataset = own_points(Points(dataset=NO_DATASET), table, np.random.default_rng(0))
    except PlaygroundError as error:
        return refused(error)
    values = dataset.problem.task == "regression"
    return OwnPreview(
        rows=len(table.points),
        columns=table.columns,
        sample=_sample(table),
        groups=() if values else _groups(dataset),
        extent=(_text(dataset.labels.min()), _text(dataset.labels.max())) if values else None,
        marks=dataset_marks(dataset),
        stored=isinstance(table.labels, tuple) or _too_many(table),
    )


def refused(error: PlaygroundError, *, unreadable: bool = False) -> OwnPreview:
    """The preview that says what is wrong."""
    # Details of the dataset are about no field that the visitor knows; those of the text name its lines.
    lines = tuple((field.path, field.message) for field in error.errors if field.path.startswith("line"))
    detail = error.detail.removeprefix("data.dataset: ")
    return OwnPreview(unreadable=unreadable, problem=detail[:1].upper() + detail[1:], problems=lines)


def _too_many(table: Table) -> bool:
    return len(table.labels) > MAX_INLINE_POINTS


def _groups(dataset: Dataset) -> tuple[Group, ...]:
    counts = np.bincount(dataset.labels.astype(int), minlength=len(dataset.class_names)).tolist()
    two = len(counts) == 2
    styles = ("negative", "positive") if two else tuple(f"class-{index}" for index in range(len(counts)))
    return tuple(Group(*group) for group in zip(dataset.class_names, styles, counts, strict=True))


def _sample(table: Table) -> tuple[tuple[str, ...], ...]:
    rows = zip(table.points[:_SHOWN_ROWS].tolist(), table.labels[:_SHOWN_ROWS], strict=True)
    return tuple((_text(x1), _text(x2), label if isinstance(label, str) else _text(label)) for (x1, x2), label in rows)


def _text(number: float) -> str:
    return f"{number:.6g}".replace("-", "−")
