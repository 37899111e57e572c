"""A table of points with labels, as somebody wrote or uploaded it, before anybody decides what the labels mean."""

import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from app.data.arrays import FloatArray
from app.schemas.data import Task


@dataclass(frozen=True, eq=False)
class Table:
    """Points in the plane, each with a label."""

    points: FloatArray
    """(n, 2) finite coordinates."""
    labels: tuple[str, ...] | FloatArray
    """(n,) numbers where all of them are numbers, else text."""
    task: Task | None = None
    """What the header said about the labels, if it said anything."""
    columns: tuple[str, str, str] = ("x1", "x2", "label")
    """What the columns are called."""

    def to_json(self) -> str:
        """The one JSON text of this table: equal tables give equal text."""
        labels = list(self.labels) if isinstance(self.labels, tuple) else self.labels.tolist()
        document = {"columns": self.columns, "labels": labels, "points": self.points.tolist(), "task": self.task}
        return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The table that `to_json` wrote as `text`."""
        document: dict[str, Any] = json.loads(text)
        labels = document["labels"]
        return cls(
            points=np.array(document["points"], dtype=np.float64).reshape(-1, 2),
            labels=tuple(labels) if labels and isinstance(labels[0], str) else np.array(labels, dtype=np.float64),
            task=document["task"],
            columns=tuple(document["columns"]),
        )
