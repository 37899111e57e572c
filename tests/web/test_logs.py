"""Log lines: for people or for programs, and without a word of who did what."""

import json
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app import logs
from tests.web.fakes import FakeService


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """Afterwards they are as they were."""
    root, web_server = logging.getLogger(), logging.getLogger("uvicorn.error")
    before = root.handlers[:], root.level, web_server.filters[:]
    root.handlers = []
    yield
    root.handlers, root.level, web_server.filters = before


def test_a_program_reads_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=None)  # what pytest reads is no terminal
    logging.getLogger("app.runs.keeper").warning("a write of %d changes failed", 3, extra={"tries": 2})
    logging.getLogger("app.runs.keeper").info("nobody needs to know")
    [line] = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert record.pop("time").startswith("20")
    assert record == {
        "level": "WARNING",
        "logger": "app.runs.keeper",
        "message": "a write of 3 changes failed",
        "tries": 2,
    }


def test_a_person_reads_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False)
    logging.getLogger("app").error("it broke")
    assert capsys.readouterr().err.endswith("ERROR app: it broke\n")


def test_a_fault_is_told_once_by_the_pattern_of_its_route(
    capsys: pytest.CaptureFixture[str], client: TestClient, service: FakeService, run_url: str
) -> None:
    logs.configure(as_json=True)
    service.trouble = RuntimeError("broken")
    client.get(f"{run_url}/journal?secret=query", headers={"Cookie": "secret=cookie", "X-Real-IP": "192.0.2.1"})
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=service.trouble)
    [line] = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert (record["route"], record["status"]) == ("/api/v1/runs/{run_id}/journal", 500)
    assert "RuntimeError: broken" in record["traceback"]
    assert not {"secret", "192.0.2.1", run_url.rpartition("/")[2]} & set(
        line.replace('"', " ").replace("=", " ").split()
    )
    assert run_url not in line
