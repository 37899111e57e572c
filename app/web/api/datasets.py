"""Datasets of one's own: uploaded once, used by any number of runs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.data.registry import generate
from app.data.table import Table, parse_csv
from app.schemas.data import Points
from app.web.access import Caller, Visitor, own_dataset
from app.web.api.describe import created, problems, reply
from app.web.api.documents import PREVIEW_ROWS, DatasetDocument, PointsReference
from app.web.api.replies import address, json_response
from app.web.body import media_type, read_upload
from app.web.state import Parts, State

router = APIRouter(prefix="/datasets", tags=["datasets"])

CSV = "text/csv"
FORM = "multipart/form-data"
# What curl's --data-binary, spreadsheets and fetch call a CSV file.
ACCEPTED = ("", CSV, FORM, "text/plain", "application/csv", "application/vnd.ms-excel", "application/octet-stream")
ACCEPTED_BY_ACCIDENT = "application/x-www-form-urlencoded"
EXAMPLE = "x,y,label\n0.5,1.2,red\n-1.0,0.3,blue\n0.1,-0.7,red\n-0.4,-1.1,blue\n"

_CSV_BODY = {"schema": {"type": "string"}, "examples": {"two_classes": {"summary": "Two classes", "value": EXAMPLE}}}
_FORM_BODY = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}


DatasetId = Annotated[str, Path(description="The dataset's id.")]


@router.post(
    "",
    status_code=201,
    summary="Upload a dataset",
    openapi_extra={"requestBody": {"required": True, "content": {CSV: _CSV_BODY, FORM: _FORM_BODY}}},
    responses=created(DatasetDocument, "The dataset; the same content has the same id.") | problems(400, 413, 415, 422),
)
async def upload_dataset(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """CSV with three columns, `x,y,label` (classes) or `x,y,target` (values), as the body or as a file of a form.

    The header may be missing, and any usual delimiter will do. Errors name line and column.
    """
    text = await read_upload(request, parts.limit)
    if media_type(request) not in (*ACCEPTED, ACCEPTED_BY_ACCIDENT):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send CSV, as text/csv or as a file of a form.")
    dataset = await run_in_threadpool(_store, request, parts, text, visitor)
    return json_response(dataset, HTTPStatus.CREATED, {"Location": dataset.links["self"]})


@router.get(
    "/{dataset_id}", summary="Look at a dataset", responses=reply(DatasetDocument, "The dataset.") | problems(404)
)
async def read_dataset(request: Request, dataset_id: DatasetId, parts: Parts, caller: Caller) -> Response:
    """What an uploaded dataset holds, for whoever has uploaded it. Runs may use any whose id is known."""
    await own_dataset(dataset_id, parts, caller)
    return json_response(await run_in_threadpool(_load, request, parts, dataset_id))


def _store(request: Request, parts: State, text: str, visitor: str) -> DatasetDocument:
    table = parse_csv(text)
    _document(request, "", table)  # refuses what no run could use
    return _document(request, parts.datasets.put(table, visitor), table)


def _load(request: Request, parts: State, dataset_id: str) -> DatasetDocument:
    return _document(request, dataset_id, parts.datasets.get(dataset_id))


def _document(request: Request, dataset_id: str, table: Table) -> DatasetDocument:
    meant = generate(Points(dataset=dataset_id or "0" * 32), seed=0, table=table)
    labels = list(table.labels) if isinstance(table.labels, tuple) else table.labels.tolist()
    preview = zip(table.points[:PREVIEW_ROWS].tolist(), labels, strict=False)
    return DatasetDocument(
        id=dataset_id,
        rows=len(table.points),
        columns=table.columns,
        task=meant.problem.task,
        classes=meant.problem.classes,
        class_names=meant.class_names,
        preview=tuple((x1, x2, label) for (x1, x2), label in preview),
        data=PointsReference(dataset=dataset_id),
        links={"self": address(request, f"/datasets/{dataset_id}")},
    )
