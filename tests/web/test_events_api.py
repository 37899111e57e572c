"""Streams: what is asked for reaches app.runs, what it says reaches the client, and every stream is closed."""

import asyncio
from concurrent.futures import Future

import anyio
import pytest
from anyio.abc import TaskGroup
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message

from app.schemas.experiment import PlaneExperiment
from app.schemas.frame import FRAME_PARTS
from app.web import state
from app.web.visitors import LOCAL
from tests.web.fakes import FakeService

EVENTS = [b"event: status\ndata: {}\n\n", b"event: frame\nid: 1\ndata: {}\n\n"]


class Stream:
    """A client of an event stream, straight on the application: `leave` is what a broken connection looks like."""

    def __init__(self, path: str, query: str = "", headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "headers": ((b"host", b"testserver"), *headers),
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }
        self.start: Message = {}
        self.body: list[bytes] = []
        self.left = anyio.Event()
        self.told = anyio.Event()
        self.ended = anyio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["body"]:
            self.body.append(message["body"])
            if len(self.body) == len(EVENTS):
                self.told.set()
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.ended.set()

    async def opened(self, application: FastAPI, tasks: TaskGroup) -> None:
        tasks.start_soon(application, self.scope, self.receive, self.send)
        with anyio.fail_after(5):
            await self.told.wait()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_events_arrive_as_they_are(application: FastAPI, service: FakeService) -> None:
    run_id = service.create(PlaneExperiment(), visitor=LOCAL).id
    stream = Stream(f"/api/v1/runs/{run_id}/events")
    async with anyio.create_task_group() as tasks:
        await stream.opened(application, tasks)
        stream.left.set()
    headers = dict(stream.start["headers"])
    assert stream.body == EVENTS
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"].startswith(b"no-cache")
    assert headers[b"x-accel-buffering"] == b"no"
    assert b"content-encoding" not in headers


@pytest.mark.anyio
async def test_client_that_leaves_closes_its_subscription(application: FastAPI, service: FakeService) -> None:
    run_id = service.create(PlaneExperiment(), visitor=LOCAL).id
    stream = Stream(f"/api/v1/runs/{run_id}/events")
    async with anyio.create_task_group() as tasks:
        await stream.opened(application, tasks)
        assert not service.subscriptions[0].closed
        stream.left.set()
    assert service.subscriptions[0].closed


@pytest.mark.anyio
async def test_end_of_the_server_ends_streams_cleanly(application: FastAPI, service: FakeService) -> None:
    run_id = service.create(PlaneExperiment(), visitor=LOCAL).id
    streams = [Stream(f"/api/v1/runs/{run_id}/events") for _ in range(3)]
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for stream in streams:
                await stream.opened(application, tasks)
            state.of(application).shutdown.begin()
    assert all(stream.ended.is_set() for stream in streams)
    assert all(subscription.closed for subscription in service.subscriptions)


@pytest.mark.anyio
async def test_compressed_stream_says_so(application: FastAPI, service: FakeService) -> None:
    run_id = service.create(PlaneExperiment(), visitor=LOCAL).id
    stream = Stream(f"/api/v1/runs/{run_id}/events", headers=((b"accept-encoding", b"gzip, br"),))
    async with anyio.create_task_group() as tasks:
        await stream.opened(application, tasks)
        stream.left.set()
    assert dict(stream.start["headers"])[b"content-encoding"] == b"gzip"
    assert stream.body == EVENTS  # compressed by app.runs, once for all clients: never again here
    assert service.subscriptions[0].gzip


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "headers", "parts", "last_event_id"),
    [
        ("", (), set(FRAME_PARTS), ""),
        ("parts=points,%20weights", (), {"points", "weights"}, ""),
        ("last_event_id=a.1", (), set(FRAME_PARTS), "a.1"),
        ("", ((b"last-event-id", b"not a number"),), set(FRAME_PARTS), "not a number"),
        ("last_event_id=old", ((b"last-event-id", b"new"),), set(FRAME_PARTS), "new"),
    ],
)
async def test_request_says_what_to_send_and_from_where(
    application: FastAPI,
    service: FakeService,
    query: str,
    headers: tuple[tuple[bytes, bytes], ...],
    parts: set[str],
    last_event_id: str,
) -> None:
    first, second = (service.create(PlaneExperiment(), visitor=LOCAL).id for _ in range(2))
    stream = Stream("/api/v1/events", f"runs={first},{second},{first}&{query}", headers)
    async with anyio.create_task_group() as tasks:
        await stream.opened(application, tasks)
        stream.left.set()
    assert service.subscriptions[0].asked == ((first, second), parts, last_event_id)


@pytest.mark.parametrize(
    ("query", "status", "path"),
    [
        ("", 422, "runs"),
        ("?runs=", 422, "runs"),
        ("?runs=run1&parts=everything", 422, "parts"),
        ("?runs=run9", 404, None),
    ],
)
def test_bad_request_is_refused_before_the_stream_begins(
    client: TestClient, run_url: str, query: str, status: int, path: str | None
) -> None:
    response = client.get(f"/api/v1/events{query}")
    assert response.status_code == status
    assert [field["path"] for field in response.json()["errors"]] == ([path] if path else [])


@pytest.mark.anyio
async def test_end_of_the_server_ends_waiting_for_a_command(application: FastAPI, service: FakeService) -> None:
    service.pending = Future()
    waiting = asyncio.create_task(state.of(application).result(service.pending))
    await asyncio.sleep(0)
    state.of(application).shutdown.begin()
    with anyio.fail_after(5), pytest.raises(HTTPException) as caught:
        await waiting
    assert caught.value.status_code == 503
    assert not service.pending.cancelled()  # or the thread that answers it would fail
