"""Keeping runs: what they are called, runs as files, and the bin."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.errors import NotFound
from app.runs.archive import MEDIA_TYPE, Label
from app.schemas.document import parse
from app.schemas.run import RunDocument
from app.storage.records import RunRow
from app.web.access import Caller, OwnRun, ReadableRun, Visitor
from app.web.api.describe import Example, body, created, problems, reply
from app.web.api.documents import LabelPatch
from app.web.api.replies import created_run, file_response, json_response, run_body
from app.web.body import read, read_json
from app.web.lab.titles import file_name_of, title_of
from app.web.state import Parts, RunId, State

router = APIRouter(prefix="/runs", tags=["runs"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
LABELS = (
    Example("name", "Give it a name", {"name": "The one that gets the spiral"}),
    Example("tags", "Tag it and note something down", {"tags": ["spiral", "lesson 3"], "notes": "Try it with ReLU."}),
)


@router.patch(
    "/{run_id}/label",
    summary="Name a run, note something down",
    openapi_extra=body(LabelPatch, LABELS),
    responses=reply(Label, "What it is called now.") | problems(400, 403, 404, 413, 415, 422),
)
async def label_run(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """Sets what is given; a name, notes and tags change nothing about how the run trains."""
    patch = parse(LabelPatch, await read_json(request, parts.limit))
    tags = None if patch.tags is None else tuple(dict.fromkeys(patch.tags))
    row = await run_in_threadpool(_labelled, parts, run_id, patch.model_copy(update={"tags": tags}))
    return json_response(Label(name=row.name, notes=row.notes, tags=row.tags))


@router.get(
    "/{run_id}/file",
    summary="Download a run",
    responses={200: {"description": "The whole run.", "content": {MEDIA_TYPE: _BINARY}}} | problems(404),
)
async def read_file(run_id: ReadableRun, parts: Parts, caller: Caller) -> Response:
    """The whole run as one safetensors file: state, curve, journal and what was uploaded; for its owner also its label.

    It goes on from there to the same bits on any server that it is brought to.
    """
    content, name = await run_in_threadpool(_file_of, parts, run_id, caller)
    return file_response(content, MEDIA_TYPE, f"{file_name_of(name)}.run.safetensors")


@router.post(
    "/import",
    status_code=201,
    summary="Bring a run back from a file",
    openapi_extra={"requestBody": {"required": True, "content": {MEDIA_TYPE: _BINARY}}},
    responses=created(RunDocument, "The run; its address is in the header Location.")
    | problems(400, 404, 413, 422, 429),
)
async def import_run(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """Takes what `file` of a run gives. The run is the caller's and rests; it has an id of its own."""
    content = await read(request, parts.settings.max_upload_bytes)
    return created_run(request, await run_in_threadpool(parts.service.shelf.load, content, visitor))


@router.post(
    "/{run_id}/restore",
    summary="Take a run out of the bin",
    responses=reply(RunDocument, "The run, as it was.") | problems(404, 429),
)
async def restore_run(request: Request, run_id: RunId, parts: Parts, caller: Caller) -> Response:
    """Deleted runs stay in the bin for a day."""
    await run_in_threadpool(_restored, parts, run_id, caller)
    return json_response(run_body(request, await parts.result(parts.service.run(run_id))))


def _file_of(parts: State, run_id: str, caller: str) -> tuple[bytes, str]:
    own = parts.service.access(run_id, caller) == "owner"
    row = parts.store.run(run_id) if own else None
    name = row.name if row else ""
    content = parts.service.shelf.save(run_id, labelled=own)
    return content, name or title_of(parts.service.seen(run_id).experiment)


def _labelled(parts: State, run_id: str, patch: LabelPatch) -> RunRow:
    parts.service.collection.label(run_id, name=patch.name, notes=patch.notes, tags=patch.tags)
    row = parts.store.run(run_id)
    if row is None:
        raise NotFound(f"There is no run {run_id[:40]!r}. It may have been deleted.")
    return row


def _restored(parts: State, run_id: str, caller: str) -> None:
    mine = parts.service.collection.owned(caller, [run_id], binned=True)
    if not mine:
        raise NotFound(f"There is no run {run_id[:40]!r} in the bin. It may have been removed for good.")
    parts.service.collection.unbin(caller, mine)
