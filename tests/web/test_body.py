"""Bodies are read with a limit, and drained beyond it."""

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from app.web import body
from tests.web.conftest import LIMIT


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
