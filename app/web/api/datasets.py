"""Datasets of one's own: uploaded once, used by any number of runs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.data.pictures.archive import PictureArchive
from app.data.pictures.codec import encode_png
from app.data.registry import generate
from app.data.table import Table
from app.errors import NotFound
from app.schemas.data import Points
from app.schemas.picture_data import MAX_SIDE
from app.web.access import Caller, Visitor, own_dataset
from app.web.api.dataset_body import CSV, ZIP, uploaded
from app.web.api.dataset_documents import (
    PREVIEW_ROWS,
    DatasetDocument,
    PictureClass,
    PictureDatasetDocument,
    PicturesReference,
    PictureUpload,
    PointDatasetDocument,
    PointsReference,
)
from app.web.api.describe import JSON, created, problems, reference, reply
from app.web.api.replies import address, json_response
from app.web.body import MULTIPART
from app.web.state import Parts, State

router = APIRouter(prefix="/datasets", tags=["datasets"])

PNG = "image/png"

EXAMPLE = "x,y,label\n0.5,1.2,red\n-1.0,0.3,blue\n0.1,-0.7,red\n-0.4,-1.1,blue\n"
_RED = "R0lGODlhAQABAIAAANw8KAAAACwAAAAAAQABAAACAkQBADs="
_BLUE = "R0lGODlhAQABAIAAAChQ3AAAACwAAAAAAQABAAACAkQBADs="
SNAPSHOTS = {"pictures": [{"label": label, "data": data} for label, data in (("red", _RED), ("blue", _BLUE)) * 2]}

_BINARY = {"type": "string", "format": "binary"}
_CONTENT = {
    CSV: {"schema": {"type": "string"}, "examples": {"table": {"summary": "Points of two classes", "value": EXAMPLE}}},
    JSON: {
        "schema": reference(PictureUpload),
        "examples": {"pictures": {"summary": "Pictures of two classes", "value": SNAPSHOTS}},
    },
    ZIP: {"schema": _BINARY},
    MULTIPART: {"schema": {"type": "object", "properties": {"file": _BINARY}, "required": ["file"]}},
}
# A dataset never changes: its id is the hash of its content.
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


DatasetId = Annotated[str, Path(description="The dataset's id.")]


@router.post(
    "",
    status_code=201,
    summary="Upload a dataset",
    openapi_extra={"requestBody": {"required": True, "content": _CONTENT}},
    responses=created(DatasetDocument, "The dataset; the same content has the same id.") | problems(400, 413, 415, 422),
)
async def upload_dataset(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """Points: CSV with three columns, `x,y,label` (classes) or `x,y,target` (values), as the body or a file of a form.

    The header may be missing, and any usual delimiter will do. Errors name line and column.

    Pictures: a zip with a folder for each class, as the body or a file of a form; or as many files of a form, called
    `cats/1.png` or in a field that is called like the class; or JSON. They are cut to their middle and kept small. A
    few that cannot be read are left out and counted.
    """
    dataset = await uploaded(request, parts)
    document = await run_in_threadpool(_store, request, parts, dataset, visitor)
    return json_response(document, HTTPStatus.CREATED, {"Location": document.links["self"]})


@router.get(
    "/{dataset_id}", summary="Look at a dataset", responses=reply(DatasetDocument, "The dataset.") | problems(404)
)
async def read_dataset(request: Request, dataset_id: DatasetId, parts: Parts, caller: Caller) -> Response:
    """What an uploaded dataset holds, for whoever has uploaded it. Runs may use any whose id is known."""
    await own_dataset(dataset_id, parts, caller)
    return json_response(await run_in_threadpool(_load, request, parts, dataset_id))


@router.get(
    "/{dataset_id}/pictures/{index}",
    summary="Look at a picture of a dataset",
    responses={200: {"description": "The picture.", "content": {PNG: {"schema": _BINARY}}}} | problems(404, 422),
)
async def read_picture(
    dataset_id: DatasetId,
    index: Annotated[str, Path(description="Its index, from 0.", pattern="^[0-9]{1,4}$")],
    parts: Parts,
    caller: Caller,
) -> Response:
    """One of the uploaded pictures as it is kept, as a PNG."""
    await own_dataset(dataset_id, parts, caller)
    picture = await run_in_threadpool(_picture, parts, dataset_id, index)
    return Response(picture, media_type=PNG, headers=FOR_EVER)


def _store(
    request: Request, parts: State, dataset: Table | PictureArchive, visitor: str
) -> PointDatasetDocument | PictureDatasetDocument:
    if isinstance(dataset, Table):
        _document(request, "", dataset)  # refuses what no run could use
    return _document(request, parts.datasets.put(dataset, visitor), dataset)


def _load(request: Request, parts: State, dataset_id: str) -> PointDatasetDocument | PictureDatasetDocument:
    datasets = parts.datasets
    of_pictures = datasets.holds_pictures(dataset_id)
    return _document(request, dataset_id, datasets.pictures(dataset_id) if of_pictures else datasets.get(dataset_id))


def _picture(parts: State, dataset_id: str, index: str) -> bytes:
    pictures = parts.datasets.pictures(dataset_id).pictures
    if int(index) >= len(pictures):
        raise NotFound(f"There is no picture {index}: the dataset has {len(pictures):,}.")
    return encode_png(pictures[int(index)])


def _document(
    request: Request, dataset_id: str, dataset: Table | PictureArchive
) -> PointDatasetDocument | PictureDatasetDocument:
    if isinstance(dataset, Table):
        return _of_table(request, dataset_id, dataset)
    return _of_pictures(request, dataset_id, dataset)


def _of_pictures(request: Request, dataset_id: str, archive: PictureArchive) -> PictureDatasetDocument:
    own = address(request, f"/datasets/{dataset_id}")
    counted = zip(archive.class_names, archive.counts, strict=True)
    return PictureDatasetDocument(
        id=dataset_id,
        pictures=archive.labels.size,
        classes=tuple(PictureClass(name=name, count=count) for name, count in counted),
        side=MAX_SIDE,
        skipped=archive.skipped,
        data=PicturesReference(dataset=dataset_id),
        links={"self": own, "pictures": f"{own}/pictures/{{index}}"},
    )


def _of_table(request: Request, dataset_id: str, table: Table) -> PointDatasetDocument:
    meant = generate(Points(dataset=dataset_id or "0" * 32), seed=0, table=table)
    labels = list(table.labels) if isinstance(table.labels, tuple) else table.labels.tolist()
    preview = zip(table.points[:PREVIEW_ROWS].tolist(), labels, strict=False)
    return PointDatasetDocument(
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
