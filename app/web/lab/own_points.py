"""Own points as `data` of an Experiment: in the document itself where they fit, so that the address holds them."""

from typing import Any

from app.data.table import Table
from app.schemas.data import MAX_INLINE_POINTS
from app.storage.datasets import DatasetStore


def points_patch(table: Table, store: DatasetStore) -> dict[str, Any]:
    """The `data` of a merge patch that learns from `table`; one that cannot stand inline is stored."""
    if isinstance(table.labels, tuple) or len(table.labels) > MAX_INLINE_POINTS:
        return {"kind": "points", "dataset": store.put(table), "points": None, "task": None}
    rows = zip(table.points.tolist(), table.labels.tolist(), strict=True)
    return {"kind": "points", "points": [[*point, label] for point, label in rows], "dataset": None, "task": table.task}
