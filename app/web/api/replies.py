"""How documents become responses: JSON without NaN, links, locations."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import numpy as np
from fastapi import Request
from numpy.typing import NDArray
from pydantic_core import to_json
from starlette.responses import Response

from app.families.registry import family_of
from app.runs.collection import Listed
from app.schemas.run import RunDocument
from app.schemas.sweep import SweepDocument

BASE = "/api/v1"
CSV = "text/csv"


def json_response(value: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as JSON, with null for what is not finite."""
    text = to_json(value, inf_nan_mode="null")
    return Response(text, status_code=status, headers=headers, media_type="application/json")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, with a header; empty where there is no value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def file_response(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved as `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)


def address(request: Request, path: str) -> str:
    """The address of `path` below the API's, also behind a proxy that has put the application under a prefix."""
    return f"{request.scope.get('root_path', '')}{BASE}{path}"


def run_links(request: Request, run: RunDocument) -> dict[str, str]:
    """Where a run's other resources are, those about pictures where it learns from some."""
    itself = address(request, f"/runs/{run.id}")
    numbers = ("history", "journal", "data", "parameters", "predict", "landscape", "diagnosis")
    pictures = ("pictures", "answers", "explain") if family_of(run.experiment.family).sees == "pictures" else ()
    names = ("commands", "events", *numbers, *pictures, "label", "file", "branch")
    return {"self": itself, **{name: f"{itself}/{name}" for name in names}}


def run_body(request: Request, run: RunDocument) -> dict[str, Any]:
    """A run in JSON's types, with links; its experiments show derived fields only where they were given."""
    return {
        **run.model_dump(mode="json", exclude={"experiment", "resolved"}),
        "experiment": run.experiment.document(),
        "resolved": run.resolved.document(),
        "links": run_links(request, run),
    }


def listed_body(request: Request, run: Listed) -> dict[str, Any]:
    """A run of a list in JSON's types: with what its owner says of it."""
    row = run.row
    return {
        **run_body(request, run.document()),
        "status": row.status,
        "step": row.step,
        "epoch": row.epoch,
        "name": row.name,
        "notes": row.notes,
        "tags": row.tags,
        "created": row.created,
        "touched": row.touched,
        "bytes": row.bytes,
    }


def created_run(request: Request, run: RunDocument) -> Response:
    """201 with a new run, and where it is."""
    headers = {"Location": address(request, f"/runs/{run.id}")}
    return json_response(run_body(request, run), HTTPStatus.CREATED, headers)


def compared_runs(request: Request, runs: Sequence[RunDocument]) -> Response:
    """201 with new runs, and where their table is and the page that shows them side by side."""
    names = ",".join(run.id for run in runs)
    table = address(request, f"/comparisons?runs={names}")
    page = f"{request.scope.get('root_path', '')}/compare?runs={names}"
    value = {"runs": [run_body(request, run) for run in runs], "links": {"self": table, "page": page}}
    return json_response(value, HTTPStatus.CREATED, {"Location": table})


def sweep_body(request: Request, sweep: SweepDocument) -> dict[str, Any]:
    """A sweep in JSON's types, with links."""
    itself = address(request, f"/sweeps/{sweep.id}")
    page = f"{request.scope.get('root_path', '')}/sweeps/{sweep.id}"
    return {
        **sweep.model_dump(mode="json", exclude={"sweep"}),
        "sweep": sweep.sweep.document(),
        "links": {"self": itself, "page": page, "csv": f"{itself}?format=csv"},
    }


def rows(array: NDArray[np.float32]) -> list[list[float]]:
    """A matrix as lists; each number, read as float64 and rounded to float32, is the number in the array."""
    return array.tolist()
