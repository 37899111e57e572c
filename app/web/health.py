"""For those who run the server: is it alive, is it ready, how is it doing."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.web.state import Parts

router = APIRouter(tags=["server"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The event loop answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(parts: Parts) -> Response:
    """200 once the common programs are compiled, 503 before."""
    if parts.service.ready:
        return JSONResponse({"status": "ready"})
    detail = "The common programs are still being compiled; runs can be made, but have to wait."
    raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "1"})


@router.get("/metrics")
async def metrics(parts: Parts) -> Response:
    """Prometheus' text format."""
    text = await run_in_threadpool(generate_latest, parts.metrics.registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
