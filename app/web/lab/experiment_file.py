"""An Experiment as a file of its own: its document, with uploaded points as rows, so that nothing is missing."""

from typing import Annotated, Any

import numpy as np
from pydantic import Field, JsonValue

from app.data.table import Table
from app.errors import FieldError, InvalidInput
from app.schemas.data import MAX_INLINE_POINTS, MAX_SAMPLES, Points, Task
from app.schemas.document import Document, parse_value
from app.schemas.experiment import Experiment
from app.storage.datasets import DatasetStore
from app.web.body import json_object
from app.web.lab.own_points import NO_DATASET

_Name = Annotated[str, Field(min_length=1, max_length=60)]


class _Rows(Document):
    """A whole table in place of the id of an upload."""

    points: tuple[tuple[float, float, float | _Name], ...] = Field(min_length=2, max_length=MAX_SAMPLES)
    columns: tuple[_Name, _Name, _Name] = ("x1", "x2", "label")
    task: Task | None = None


class _File(Document):
    """For the paths of errors."""

    data: _Rows


def file_document(experiment: Experiment, store: DatasetStore) -> dict[str, Any]:
    """The document to save. Raises NotFound where the uploaded points are gone."""
    document = experiment.document()
    data = experiment.data
    if isinstance(data, Points) and data.dataset:
        table = store.get(data.dataset)
        labels = list(table.labels) if isinstance(table.labels, tuple) else table.labels.tolist()
        rows = [[*point, label] for point, label in zip(table.points.tolist(), labels, strict=True)]
        document["data"] |= {"points": rows, "columns": table.columns}
        if table.task and not data.task:
            document["data"]["task"] = table.task
        del document["data"]["dataset"]
    return document


def experiment_of_file(text: bytes, store: DatasetStore) -> Experiment:
    """The Experiment that a file holds; rows that cannot stand inline are stored.

    Raises MalformedInput with the line where it is not JSON, InvalidInput with the path of each bad field.
    """
    document = json_object(text)
    data = document.get("data")
    if isinstance(data, dict) and _has_rows(data):
        table = _table(data)
        rest = {key: value for key, value in data.items() if key not in ("points", "columns")}
        parse_value(Experiment, {**document, "data": {**rest, "dataset": NO_DATASET}})  # nothing is stored in vain
        document["data"] = {**rest, "dataset": store.put(table)}
    return parse_value(Experiment, document)


def _has_rows(data: dict[str, JsonValue]) -> bool:
    points = data.get("points")
    long = isinstance(points, list) and len(points) > MAX_INLINE_POINTS
    return data.get("kind") == "points" and ("columns" in data or long)


def _table(data: dict[str, JsonValue]) -> Table:
    mine = {key: value for key, value in data.items() if key in _Rows.model_fields}
    rows = parse_value(_File, {"data": mine}).data
    labels = [row[2] for row in rows.points]
    names = tuple(label for label in labels if isinstance(label, str))
    if names and len(names) < len(labels):
        message = "labels must be all numbers or all text"
        raise InvalidInput(f"data.points: {message}.", (FieldError("data.points", message),))
    points = np.array([row[:2] for row in rows.points], dtype=np.float64)
    return Table(points, names or np.array(labels, dtype=np.float64), rows.task, rows.columns)
