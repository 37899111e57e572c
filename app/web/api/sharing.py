"""Letting others look at a run by a link, and making a copy of a run that one may look at."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.schemas.run import RunDocument
from app.web.access import OwnRun, ReadableRun, Visitor
from app.web.api.describe import created, problems, reply
from app.web.api.documents import ShareLink
from app.web.api.replies import created_run, json_response
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"])


@router.post("/share", summary="Share a run", responses=reply(ShareLink, "The link.") | problems(403, 404))
async def share_run(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """Makes a link by which whoever opens it may look at the run and copy it, but not change it.

    A run has one link at a time; asking again gives the same.
    """
    token = await run_in_threadpool(parts.service.collection.share, run_id)
    return json_response(ShareLink(url=f"{request.scope.get('root_path', '')}/shared/{token}"))


@router.delete("/share", status_code=204, summary="Stop sharing a run", responses=problems(403, 404))
async def unshare_run(run_id: OwnRun, parts: Parts) -> Response:
    """The link leads nowhere any more, and whoever has opened it sees the run no more."""
    await run_in_threadpool(parts.service.collection.unshare, run_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/copy",
    status_code=201,
    summary="Copy a run",
    responses=created(RunDocument, "The copy; its address is in the header Location.") | problems(404, 429),
)
async def copy_run(request: Request, run_id: ReadableRun, parts: Parts, visitor: Visitor) -> Response:
    """A run of one's own that goes on from where this one is, shared or not."""
    return created_run(request, await run_in_threadpool(parts.service.copy, run_id, visitor))
