"""An Experiment as a file of its own: its document, with uploaded points as rows, so that nothing is missing.

Uploaded pictures are too much for that: they are named by their id, and go along with the file of a run.
"""

from typing import Any

from pydantic import JsonValue

from app.data.rows import Rows
from app.data.table import Table
from app.schemas.data import MAX_INLINE_POINTS, Points
from app.schemas.document import Document, parse_value
from app.schemas.experiment import Experiment, read_experiment
from app.storage.datasets import DatasetStore
from app.web.body import json_object
from app.web.lab.own_points import NO_DATASET


class _File(Document):
    """For the paths of errors: a whole table in place of the id of an upload."""

    data: Rows


def file_document(experiment: Experiment, store: DatasetStore) -> dict[str, Any]:
    """The document to save. Raises NotFound where the uploaded points are gone."""
    document = experiment.document()
    data = experiment.data
    if isinstance(data, Points) and data.dataset:
        table = store.get(data.dataset)
        document["data"] |= Rows.of(table).model_dump(mode="json", include={"points", "columns"})
        if table.task and not data.task:
            document["data"]["task"] = table.task
        del document["data"]["dataset"]
    return document


def experiment_of_file(text: bytes, store: DatasetStore, visitor: str) -> Experiment:
    """The Experiment that a file holds; rows that cannot stand inline are stored as an upload of `visitor`.

    Raises MalformedInput with the line where it is not JSON, InvalidInput with the path of each bad field.
    """
    document = json_object(text)
    data = document.get("data")
    if isinstance(data, dict) and _has_rows(data):
        table = _table(data)
        rest = {key: value for key, value in data.items() if key not in ("points", "columns")}
        read_experiment({**document, "data": {**rest, "dataset": NO_DATASET}})  # nothing is stored in vain
        document["data"] = {**rest, "dataset": store.put(table, visitor)}
    return read_experiment(document)


def _has_rows(data: dict[str, JsonValue]) -> bool:
    points = data.get("points")
    long = isinstance(points, list) and len(points) > MAX_INLINE_POINTS
    return data.get("kind") == "points" and ("columns" in data or long)


def _table(data: dict[str, JsonValue]) -> Table:
    mine = {key: value for key, value in data.items() if key in Rows.model_fields}
    return parse_value(_File, {"data": mine}).data.table("data.points")
