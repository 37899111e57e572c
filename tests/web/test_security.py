"""Every answer tells browsers what to keep it from, also one that nobody foresaw."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.settings import Settings
from tests.web.conftest import applied
from tests.web.fakes import FakeService


def policy(client: TestClient, path: str = "/") -> dict[str, str]:
    header = client.get(path).headers["content-security-policy"]
    rules = (part.strip().partition(" ") for part in header.split(";"))
    return {name: sources for name, _, sources in rules}


@pytest.mark.parametrize("path", ["/", "/api/v1/docs", "/api/v1/runs", "/static/js/main.js", "/nowhere", "/healthz"])
def test_every_answer_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]
    assert "camera=(self)" in headers["permissions-policy"]


def test_a_fault_of_the_server_is_guarded_too(client: TestClient, service: FakeService) -> None:
    service.trouble = RuntimeError("broken")
    answer = client.post("/api/v1/runs")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers


def test_scripts_are_the_server_s_own_files_alone(client: TestClient) -> None:
    rules = policy(client)
    assert rules["script-src"] == "'self'"
    assert (rules["default-src"], rules["base-uri"], rules["connect-src"]) == ("'none'", "'none'", "'self'")


def test_only_sites_that_were_named_may_show_it_in_a_frame(
    client: TestClient, service: FakeService, tmp_path: Path
) -> None:
    assert policy(client)["frame-ancestors"] == "'self'"
    school = applied(Settings(data_dir=tmp_path, frame_ancestors="'self' https://school.example"), service)
    assert policy(TestClient(school))["frame-ancestors"] == "'self' https://school.example"
