"""Bodies are read with a limit, and drained beyond it."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from app.errors import InvalidInput
from app.schemas.document import parse
from app.schemas.experiment import PlaneExperiment
from app.settings import Settings
from app.web import body
from tests.web.conftest import LIMIT, applied
from tests.web.fakes import FakeService


@pytest.mark.parametrize(
    ("text", "status", "path"),
    [
        (b"nonsense", 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"seed": 1', 400, None),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, 400, None),
        (b"[]", 422, ""),
        (b"null", 422, ""),
        (b'{"seeed": 1}', 422, "seeed"),
        (b'{"seed": "1"}', 422, "seed"),
        (b'{"seed": -1}', 422, "seed"),
        (b'{"data": {"noise": NaN}}', 422, "data.noise"),
        (b'{"data": {"noise": 1e999}}', 422, "data.noise"),
        (b'{"data": {"kind": "nothing"}}', 422, "data.kind"),
        (b'{"training": {"optimizer": {"kind": "adam", "momentum": 0.9}}}', 422, "training.optimizer.momentum"),
    ],
)
def test_bad_experiments_are_told_where_they_are_bad(
    client: TestClient, text: bytes, status: int, path: str | None
) -> None:
    response = client.post("/api/v1/runs", content=text, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    fields = [field["path"] for field in response.json()["errors"]]
    assert fields == ([] if path is None else [path])


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_json_need_not_be_declared(client: TestClient, media_type: str) -> None:
    assert client.post("/api/v1/runs", content=b"{}", headers={"Content-Type": media_type}).status_code == 201


@pytest.mark.parametrize("media_type", ["text/csv", "application/xml", "multipart/form-data; boundary=x"])
def test_what_is_declared_to_be_something_else_is_refused(client: TestClient, media_type: str) -> None:
    response = client.post("/api/v1/runs", content=b"{}", headers={"Content-Type": media_type})
    assert response.status_code == 415
    assert response.json()["type"] == "/problems/unsupported-media-type"


def test_empty_body_is_the_default_experiment(client: TestClient) -> None:
    assert client.post("/api/v1/runs", content=b" \n").status_code == 201


def test_oversized_body_gets_413(client: TestClient) -> None:
    response = client.post("/api/v1/runs", content=b" " * (LIMIT + 1))
    assert response.status_code == 413
    assert response.json()["type"] == "/problems/too-large"


def test_oversized_body_without_declared_length_gets_413(client: TestClient) -> None:
    chunks = (b" " * 1_000 for _ in range(100))
    assert client.post("/api/v1/runs", content=chunks).status_code == 413


def test_body_of_exactly_the_limit_is_read(client: TestClient) -> None:
    assert client.post("/api/v1/runs", content=b"{}".ljust(LIMIT)).status_code == 201


@pytest.mark.parametrize("declared", [True, False])
def test_draining_is_bounded(application: FastAPI, monkeypatch: pytest.MonkeyPatch, *, declared: bool) -> None:
    monkeypatch.setattr(body, "DRAIN_BYTES", 5 * LIMIT)
    chunk, read, sent = b" " * LIMIT, 0, list[Message]()

    async def receive() -> Message:
        nonlocal read
        read += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", b"99999999999")] if declared else []
    anyio.run(application, _post_scope(headers), receive, send)
    assert sent[0]["status"] == 413
    assert read <= 7 * LIMIT


def test_a_body_that_does_not_come_in_time_is_given_up(service: FakeService, tmp_path: Path) -> None:
    sent: list[Message] = []
    first = {"type": "http.request", "body": b"{", "more_body": True}

    async def receive() -> Message:
        if first:
            message = dict(first)
            first.clear()
            return message
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    settings = Settings(data_dir=tmp_path, single_user=True, allowed_hosts=("testserver",), body_seconds=0.05)
    anyio.run(applied(settings, service), _post_scope([]), receive, send)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_document_may_be_no_longer_than_any_that_makes_sense(service: FakeService, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, single_user=True, allowed_hosts=("testserver",))
    client = TestClient(applied(settings, service))
    assert client.post("/api/v1/runs", content=b"{}".ljust(body.MOST_JSON_BYTES)).status_code == 201
    assert client.post("/api/v1/runs", content=b"{}".ljust(body.MOST_JSON_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    "document",
    [
        b'{"data": {"kind": "points", "points": [%s]}}' % b",".join([b"{}"] * 150_000),
        b'{"data": {"kind": "points", "points": [%s]}}' % b",".join([b"[1,1,1]"] * 60_000),
        b"{%s}" % b",".join(b'"a%d":1' % index for index in range(40_000)),
        b'{"network": {"layers": [%s]}}' % b",".join([b"{}"] * 150_000),
    ],
    ids=["bad points", "too many points", "unknown fields", "too many layers"],
)
def test_no_document_keeps_the_server_busy(document: bytes) -> None:
    """Refusing it takes not much longer than reading it."""

    def refused() -> None:
        with pytest.raises(InvalidInput):
            parse(PlaneExperiment, document)

    read = min(_seconds(lambda: json.loads(document)) for _ in range(3))
    assert min(_seconds(refused) for _ in range(3)) < 25 * read


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


@pytest.mark.parametrize("form", [b"&".join([b"a"] * 13_000), b"a&" * 20_000, b"a=%ff%ff&b=\xff"])
def test_a_form_that_makes_no_sense_is_refused(client: TestClient, run_url: str, form: bytes) -> None:
    answer = client.patch(f"/runs/{run_url.rpartition('/')[2]}", content=form)
    assert answer.status_code == 422
    assert "form cannot be read" in answer.text


def test_client_that_leaves_while_sending_is_no_fault_of_the_server(application: FastAPI) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(application, _post_scope([]), receive, send)
    assert sent[0]["status"] == 400


def _post_scope(headers: list[tuple[bytes, bytes]]) -> dict[str, object]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/runs",
        "raw_path": b"/api/v1/runs",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(b"host", b"testserver"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
