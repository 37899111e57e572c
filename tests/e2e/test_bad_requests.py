"""Whatever is sent, the answer is the documented one, and the server and its runs live on."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

MEGABYTE = b" " * 1_000_000
HUNDRED_MEGABYTES = 100 * len(MEGABYTE)


@pytest.fixture(scope="module")
def playing(http: httpx.Client) -> Iterator[str]:
    """The address of a run that trains all the while, and still does in the end."""
    url = http.post("/api/v1/runs?play=true").headers["location"]
    yield url
    assert _trains(http, url)
    http.delete(url)


def _trains(http: httpx.Client, url: str) -> bool:
    before: dict[str, Any] = http.get(url).json()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        run = http.get(url).json()
        if run["status"] == "running" and run["step"] > before["step"]:
            return True
        time.sleep(0.02)
    return False


def _assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert "Traceback" not in response.text
    return problem


@pytest.mark.parametrize(
    ("content", "status", "path"),
    [
        (b'{"nonsense": 1}', 422, "nonsense"),
        (b'{"seed": "seven"}', 422, "seed"),
        (b'{"training": {"batch_size": 0}}', 422, "training.batch_size"),
        (b'{"training": {"optimizer": {"learning_rate": NaN}}}', 422, "training.optimizer.learning_rate"),
        (b'{"training": {"optimizer": {"learning_rate": Infinity}}}', 422, "training.optimizer.learning_rate"),
        (b'{"training": {"loss": "categorical_cross_entropy"}, "data": {"kind": "plane"}}', 422, "training.loss"),
        (b'{"data": {"kind": "points", "dataset": "' + b"0" * 32 + b'"}}', 404, None),
        (b"[" * 100_000, 400, None),
        (b'{"data":' * 50_000 + b"{}" + b"}" * 50_000, 400, None),
        (b"\x80\x81", 400, None),
        (b"{", 400, None),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_bad_experiment(
    http: httpx.Client, playing: str, method: str, content: bytes, status: int, path: str | None
) -> None:
    url = "/api/v1/runs" if method == "POST" else playing
    before = http.get(playing).json()["experiment"]
    problem = _assert_problem(http.request(method, url, content=content), status)
    assert [field["path"] for field in problem["errors"]] == ([path] if path else [])
    assert http.get(playing).json()["experiment"] == before


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("path", ["/api/v1/runs", "/api/v1/datasets"])
def test_body_of_a_hundred_megabytes(http: httpx.Client, playing: str, path: str, *, declared: bool) -> None:
    headers = {"Content-Length": str(HUNDRED_MEGABYTES)} if declared else {}
    chunks = (MEGABYTE for _ in range(HUNDRED_MEGABYTES // len(MEGABYTE)))
    _assert_problem(http.post(path, content=chunks, headers=headers), 413)
    assert _trains(http, playing)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"x,y,label\n1,2,a\n3,b,a\n", "line 3, column 2"),
        (b"1,2,a\n3,4\n", "line 2"),
        (b"1,NaN,a\n2,3,b\n", "line 1, column 2"),
    ],
)
def test_malformed_csv(http: httpx.Client, text: bytes, path: str) -> None:
    response = http.post("/api/v1/datasets", content=text, headers={"Content-Type": "text/csv"})
    problem = _assert_problem(response, 422)
    assert problem["errors"][0]["path"].startswith(path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/commands"),
        ("GET", "/events"),
        ("GET", "/history"),
        ("GET", "/data"),
        ("GET", "/parameters"),
        ("POST", "/predict"),
    ],
)
def test_unknown_run(http: httpx.Client, method: str, path: str) -> None:
    body = {"/commands": b'{"type": "pause"}', "/predict": b'{"inputs": [[0, 0]]}'}.get(path, b"{}")
    content = None if method == "GET" else body
    _assert_problem(http.request(method, f"/api/v1/runs/0123456789ab{path}", content=content), 404)


def test_unknown_route(http: httpx.Client) -> None:
    for path in ("/api", "/api/v1", "/api/v1/run", "/api/v2/runs", "/static/nothing.js", "/%00", "/../../etc/passwd"):
        _assert_problem(http.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/runs", {"HEAD", "GET", "POST"}),
        ("POST", "/api/v1/catalog", {"HEAD", "GET"}),
        ("GET", "/api/v1/runs/x/commands", {"POST"}),
        ("DELETE", "/api/v1/datasets", {"POST"}),
        ("PUT", "/healthz", {"HEAD", "GET"}),
    ],
)
def test_wrong_method(http: httpx.Client, method: str, path: str, allowed: set[str]) -> None:
    response = http.request(method, path)
    _assert_problem(response, 405)
    assert set(response.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "command",
    [
        {"type": "fly"},
        {"type": "step", "unit": "epoch", "count": 1_000_000},
        {"type": "play", "until": {"epoch": 1, "step": 1}},
        {"type": "speed", "epochs_per_second": 0},
        {"type": "edit", "layer": 7, "parameter": "weight", "index": [0, 0], "value": 1},
        {"type": "edit", "layer": 0, "parameter": "weight", "index": [0, 4], "value": 1},
        {"type": "edit", "layer": 0, "parameter": "weight", "index": [0], "value": 1},
    ],
)
def test_bad_command(http: httpx.Client, playing: str, command: dict[str, object]) -> None:
    problem = _assert_problem(http.post(f"{playing}/commands", json=command), 422)
    assert problem["errors"]


@pytest.mark.parametrize("query", ["", "?runs=", "?runs=nobody&parts=everything"])
def test_bad_stream(http: httpx.Client, query: str) -> None:
    _assert_problem(http.get(f"/api/v1/events{query}"), 422)


def test_connection_survives_a_bad_request(http: httpx.Client) -> None:
    for _ in range(3):
        assert http.post("/api/v1/runs", content=b"nonsense").status_code == 400
        assert http.get("/healthz").status_code == 200
