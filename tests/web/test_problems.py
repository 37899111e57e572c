"""Every error has one shape, whoever finds it."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from app.errors import Conflict, FieldError, InvalidInput, LimitReached, PlaygroundError
from app.web import problems
from app.web.problems import MAX_ERRORS, problem_of
from tests.web.fakes import FakeService


def _assert_problem(response: httpx2.Response, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert problem["title"]
    assert problem["detail"]
    return problem


def test_unknown_route_is_not_found(client: TestClient) -> None:
    problem = _assert_problem(client.get("/api/v1/nowhere"), 404, "not-found")
    assert "/api/v1/nowhere" in problem["detail"]


def test_unknown_run_is_not_found(client: TestClient) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history"), ("GET", "/events")):
        content = b"{}" if method == "PATCH" else None
        _assert_problem(client.request(method, f"/api/v1/runs/nobody{path}", content=content), 404, "not-found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/runs", {"HEAD", "GET", "POST"}),
        ("/api/v1/runs/x", {"HEAD", "GET", "PATCH", "DELETE"}),
        ("/api/v1/runs/x/commands", {"POST"}),
        ("/healthz", {"HEAD", "GET"}),
    ],
)
def test_wrong_method_names_all_methods_of_the_path(client: TestClient, path: str, allowed: set[str]) -> None:
    response = client.put(path)
    _assert_problem(response, 405, "method-not-allowed")
    assert set(response.headers["allow"].split(", ")) == allowed


def test_bad_query_names_the_parameter(client: TestClient) -> None:
    problem = _assert_problem(client.post("/api/v1/runs?play=perhaps"), 422, "invalid-input")
    assert [field["path"] for field in problem["errors"]] == ["play"]


@pytest.mark.parametrize("error", [Conflict("Not now."), LimitReached("Too many."), PlaygroundError("Broken.")])
def test_errors_of_the_tree_carry_their_own_status(
    client: TestClient, service: FakeService, error: PlaygroundError
) -> None:
    service.trouble = error
    problem = _assert_problem(client.post("/api/v1/runs"), error.status, error.slug)
    assert problem["detail"] == error.detail


def test_fault_of_the_server_shows_no_traceback_and_does_not_end_it(client: TestClient, service: FakeService) -> None:
    service.trouble = RuntimeError("secret detail")
    response = client.post("/api/v1/runs")
    _assert_problem(response, 500, "error")
    assert "secret" not in response.text
    service.trouble = None
    assert client.post("/api/v1/runs").status_code == 201


def test_list_of_bad_fields_is_bounded() -> None:
    error = InvalidInput("Many.", tuple(FieldError(f"inputs.{index}", "bad") for index in range(1_000)))
    assert len(problem_of(error).errors) == MAX_ERRORS


@pytest.mark.parametrize(
    ("path", "headers", "media_type"),
    [
        ("/nowhere", {"Accept": "text/html,*/*;q=0.8"}, "text/html"),
        ("/nowhere", {"HX-Request": "true"}, "text/html"),
        ("/nowhere", {"Accept": "*/*"}, "application/problem+json"),
        ("/api/v1/nowhere", {"Accept": "text/html"}, "application/problem+json"),
    ],
)
def test_people_who_browse_get_a_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[str, str], media_type: str
) -> None:
    monkeypatch.setattr(problems, "PAGE", "base.html")
    response = client.get(path, headers=headers)
    assert response.status_code == 404
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_type_of_a_problem_leads_to_its_explanation(client: TestClient) -> None:
    response = client.get("/problems/invalid-input", follow_redirects=False)
    assert response.status_code == 303
    page = client.get(response.headers["location"].partition("#")[0])
    assert 'id="invalid-input"' in page.text


def test_pages_of_other_sites_cannot_change_anything(client: TestClient) -> None:
    _assert_problem(client.post("/api/v1/runs", headers={"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")
    assert client.post("/api/v1/runs", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201
    assert client.get("/api/v1/runs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_storage_that_is_away_is_told_in_words(client: TestClient, service: FakeService, run_url: str) -> None:
    service.trouble = OperationalError("SELECT 1", None, Exception("disk full"))
    answer = client.get(f"{run_url}/journal")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "try again in a moment" in answer.json()["detail"]
