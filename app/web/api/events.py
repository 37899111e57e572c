"""Event streams: what a run shows, as it happens. app.runs makes the events; they are passed on as they are."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from app.errors import InvalidInput
from app.schemas.frame import FRAME_PARTS, FramePart
from app.web.access import Caller, ReadableRun, readable
from app.web.api.describe import problems
from app.web.negotiation import accepts_gzip
from app.web.state import Parts as State
from app.web.streaming import EventStream

router = APIRouter(tags=["events"])

# What OpenAPI 3.1 has no place for: the schema of a stream is that of each of its events.
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["frame", "status", "problem"]},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events `frame`, `status` and `problem`, each with JSON as its data, without end.",
        "content": {"text/event-stream": {"schema": _EVENT}},
    }
}

Parts = Annotated[
    str,
    Query(
        description=f"What frames shall hold, separated by commas: some of {', '.join(FRAME_PARTS)}; all if not given."
    ),
]
LastEventId = Annotated[
    str, Header(description="The id of the last event that was received: the stream goes on there.")
]
LastEventIdQuery = Annotated[str, Query(description="The same, for clients that cannot set headers.")]


@router.get("/events", summary="Watch several runs", responses=_STREAM | problems(404, 422, 429))
async def watch_runs(
    request: Request,
    state: State,
    caller: Caller,
    runs: Annotated[str, Query(description="Ids of runs, separated by commas.")],
    parts: Parts = "",
    last_event_id: LastEventIdQuery = "",
    last_event_id_header: Annotated[LastEventId, Header(alias="Last-Event-ID")] = "",
) -> Response:
    """One stream for all runs that a page shows. Each event names its run.

    The first frame of each run comes at once. Points of the loss curve come all, each once, also across a reconnection;
    of pictures only the latest counts.
    """
    run_ids = tuple(dict.fromkeys(run_id for run_id in runs.split(",") if run_id))
    if not run_ids:
        raise InvalidInput.at("runs", "name at least one run")
    wanted = _parts(parts)
    for run_id in run_ids:
        await readable(run_id, state, caller)
    return _stream(request, state, caller, run_ids, wanted, last_event_id_header or last_event_id)


@router.get("/runs/{run_id}/events", summary="Watch a run", responses=_STREAM | problems(404, 422, 429))
async def watch_run(
    request: Request,
    state: State,
    caller: Caller,
    run_id: ReadableRun,
    parts: Parts = "",
    last_event_id: LastEventIdQuery = "",
    last_event_id_header: Annotated[LastEventId, Header(alias="Last-Event-ID")] = "",
) -> Response:
    """The same for one run."""
    return _stream(request, state, caller, (run_id,), _parts(parts), last_event_id_header or last_event_id)


def _stream(
    request: Request, state: State, caller: str, run_ids: Sequence[str], parts: frozenset[FramePart], last_event_id: str
) -> Response:
    gzip = accepts_gzip(request)
    subscription = state.service.subscribe(run_ids, parts, last_event_id, gzip=gzip, watcher=caller)
    return EventStream(subscription.events(), state.shutdown, state.metrics, gzip=gzip)


def _parts(given: str) -> frozenset[FramePart]:
    names = {name.strip() for name in given.split(",") if name.strip()} or set[str](FRAME_PARTS)
    unknown = sorted(names.difference(FRAME_PARTS))
    if unknown:
        raise InvalidInput.at("parts", f"{', '.join(unknown)}: not one of {', '.join(FRAME_PARTS)}")
    return frozenset(part for part in FRAME_PARTS if part in names)
