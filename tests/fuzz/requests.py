"""What is fuzzed through HTTP, in this process: files that people send, from the first byte to the answer."""

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.main import create_app
from app.settings import Settings
from tests.databases import database_url
from tests.fuzz import strategies as fuzz
from tests.fuzz.targets import TABLES, Target

API = "/api/v1"
PATIENCE_SECONDS = 60.0
REFUSED = {400, 404, 413, 415, 422}


@contextmanager
def application(data_dir: Path) -> Generator[TestClient]:
    """A client of the application, which raises the application's own errors here."""
    database = database_url(data_dir)
    settings = Settings(data_dir=data_dir, cache_dir=data_dir, database_url=database, warm_up=False, single_user=True)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def uploads(client: TestClient) -> Target:
    """Tables on their way through HTTP: as the body, and as files of forms."""

    def read(request: tuple[bytes, str]) -> None:
        content, media_type = request
        response = client.post(f"{API}/datasets", content=content, headers={"Content-Type": media_type})
        _judge(response)

    return Target("uploads", _uploads(), read, 6)


def run_files(client: TestClient) -> Target:
    """Whole runs as files: safetensors with JSON in the header. A run that is made of one can be looked at."""

    def read(content: bytes) -> None:
        response = client.post(f"{API}/runs/import", content=content)
        _judge(response)
        address = response.headers["location"]
        assert client.get(address).status_code == 200
        assert client.delete(address).status_code == 204

    files = [_file_of_a_run(client, experiment) for experiment in _experiments(client)]
    return Target("run files", _run_files(files), read, 8)


def _judge(response: Response) -> None:
    """Raises InvalidInput where the file was refused in one of the ways that are documented."""
    if response.status_code in REFUSED:
        raise InvalidInput(response.json()["detail"])
    assert response.status_code == 201, response.text


@st.composite
def _uploads(draw: st.DrawFn) -> tuple[bytes, str]:
    content = fuzz.to_bytes(draw(TABLES))
    media_types = ["text/csv", "application/json", "", "multipart/form-data", *["multipart/form-data; boundary=b"] * 4]
    media_type = draw(st.sampled_from(media_types) | st.text(st.characters(codec="ascii", exclude_categories=("Cc",))))
    if not media_type.startswith("multipart"):
        return content, media_type
    name = draw(st.sampled_from(["points.csv", "", "x" * 3000, 'a"b', "\u202e.csv"]))
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    words = ["--b", "--b--", "\r\n", "\n", "name=", "filename*=utf-8''%ff", "Content-Type: ", ";", '"', ":"]
    head = draw(st.just(head) | fuzz.mutated(st.just(head), words))
    end = draw(st.sampled_from(["\r\n--b--\r\n", "\r\n--b", "", "\r\n--b\r\n"]))
    return fuzz.to_bytes(head) + content + end.encode(), media_type


# ---- runs as files --------------------------------------------------------------------------------------------------


def _experiments(client: TestClient) -> list[dict[str, Any]]:
    """With points that are made and that were sent, and with pictures."""
    upload = client.post(f"{API}/datasets", content="0,1,red\n1,0,blue\n1,1,red\n0,0,blue\n").json()
    return [
        {"data": {"kind": "circle"}, "network": {"layers": []}},
        {"data": upload["data"], "network": {"layers": []}},
        {"family": "cnn", "data": {"samples": 20}, "network": {"layers": [{"kind": "flatten"}]}},
    ]


def _file_of_a_run(client: TestClient, experiment: dict[str, Any]) -> bytes:
    """A file with a curve, a journal and an optimiser that remembers."""
    run = client.post(f"{API}/runs", json=experiment).json()["links"]["self"]
    client.patch(run, json={"training": {"optimizer": {"kind": "adamw"}}})
    deadline = time.monotonic() + PATIENCE_SECONDS
    while client.get(run).json()["status"] == "compiling":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    client.post(f"{run}/commands", json={"type": "step", "count": 3}).raise_for_status()
    client.patch(run, json={"training": {"batch_size": 3}}).raise_for_status()
    client.post(f"{run}/commands", json={"type": "step", "count": 2}).raise_for_status()
    return client.get(f"{run}/file").raise_for_status().content


@st.composite
def _run_files(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """A good file with its header, the JSON within its header, its numbers or its bytes spoilt."""
    file = files[draw(st.integers(0, len(files) - 1))]
    size = 8 + int.from_bytes(file[:8], "little")
    header: dict[str, Any] = json.loads(file[8:size])
    numbers = bytearray(file[size:])
    spoil = _SPOILERS[draw(st.integers(0, len(_SPOILERS) - 1))]
    header = spoil(draw, header, numbers)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    length = draw(st.sampled_from([len(text)] * 6 + [0, 2**63, 2**64 - 1, len(text) + 8]))
    content = length.to_bytes(8, "little") + text + bytes(numbers)
    if draw(st.integers(0, 4)) == 0:
        start = draw(st.integers(0, len(content)))
        return content[:start] + draw(st.binary(max_size=9)) + content[start + draw(st.integers(0, 9)) :]
    return content


Header = dict[str, Any]
_HEADER_WORDS = [
    "__metadata__",
    "dtype",
    "shape",
    "data_offsets",
    "F32",
    "F64",
    "I32",
    "BOOL",
    "history",
    ".clock.step",
]
_RECORD_WORDS = [
    "version",
    "record",
    "journal",
    "table",
    "document",
    "experiment",
    "start",
    "goal",
    "ended",
    "id",
    "step",
]


def _spoil_header(draw: st.DrawFn, header: Header, numbers: bytearray) -> Header:
    return draw(fuzz.spoilt(st.just(header), _HEADER_WORDS))


def _spoil_record(draw: st.DrawFn, header: Header, numbers: bytearray) -> Header:
    metadata: dict[str, str] = header["__metadata__"]
    spoilt = {
        key: json.dumps(draw(fuzz.spoilt(st.just(json.loads(text)), _RECORD_WORDS))) for key, text in metadata.items()
    }
    return {**header, "__metadata__": spoilt}


def _spoil_numbers(draw: st.DrawFn, header: Header, numbers: bytearray) -> Header:
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, max(0, len(numbers) - 4)))
        values = (b"\0" * 4, b"\xff" * 4, b"\0\0\xc0\x7f", b"\0\0\x80\x7f", b"\0\0\0\x80", b"\xff\xff\xff\x7f")
        numbers[start : start + 4] = draw(st.sampled_from(values) | st.binary(min_size=4, max_size=4))
    return header


_SPOILERS: tuple[Callable[[st.DrawFn, Header, bytearray], Header], ...] = (
    _spoil_header,
    _spoil_record,
    _spoil_record,
    _spoil_numbers,
)
