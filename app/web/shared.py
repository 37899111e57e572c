"""What a share link leads to: whoever opens it may look at the run from then on."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from app.errors import NotFound
from app.web.access import Visitor
from app.web.state import Parts, State

router = APIRouter(include_in_schema=False)


@router.get("/shared/{token}")
async def open_shared(request: Request, token: str, parts: Parts, visitor: Visitor) -> Response:
    """Remembers that the visitor may look at the run, and leads to it."""
    run_id = await run_in_threadpool(_let_in, parts, token, visitor)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/runs/{run_id}", status_code=303)


def _let_in(parts: State, token: str, visitor: str) -> str:
    run_id = parts.store.run_of_share(token)
    if run_id is None:
        raise NotFound("This link leads nowhere. Perhaps the run is no longer shared, or the link was cut short.")
    parts.store.add_reader(run_id, visitor)
    return run_id
