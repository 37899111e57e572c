"""A table as a document, for files that hold a whole Experiment or run: its rows, checked like all that comes in."""

from typing import Annotated

import numpy as np
from pydantic import Field

from app.data.table import Table
from app.errors import InvalidInput
from app.schemas.data import MAX_SAMPLES, Task
from app.schemas.document import Document

_Name = Annotated[str, Field(min_length=1, max_length=60)]


class Rows(Document):
    """Two coordinates and a label in each row."""

    points: tuple[tuple[float, float, float | _Name], ...] = Field(min_length=2, max_length=MAX_SAMPLES)
    columns: tuple[_Name, _Name, _Name] = ("x1", "x2", "label")
    task: Task | None = None

    @classmethod
    def of(cls, table: Table) -> "Rows":
        """The document of a table."""
        labels = list(table.labels) if isinstance(table.labels, tuple) else table.labels.tolist()
        points = ((x1, x2, label) for (x1, x2), label in zip(table.points.tolist(), labels, strict=True))
        return cls(points=tuple(points), columns=table.columns, task=table.task)

    def table(self, path: str) -> Table:
        """The table. Raises InvalidInput, which names the rows by `path`, where labels are of two kinds."""
        labels = [row[2] for row in self.points]
        names = tuple(label for label in labels if isinstance(label, str))
        if names and len(names) < len(labels):
            raise InvalidInput.at(path, "labels must be all numbers or all text")
        points = np.array([row[:2] for row in self.points], dtype=np.float64)
        return Table(points, names or np.array(labels, dtype=np.float64), self.task, self.columns)
