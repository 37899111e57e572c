"""Findings by REST, and repairs by the page: one change each."""

import json

import pytest
from fastapi.testclient import TestClient

from tests.web.fakes import FakeService
from tests.web.test_pages import HTML, opened


@pytest.fixture
def run_id(client: TestClient) -> str:
    return opened(client.get("/").text)


def test_findings_come_with_evidence_and_repair(client: TestClient) -> None:
    run = client.post("/api/v1/runs").json()
    assert client.get(run["links"]["diagnosis"]).json() == {
        "findings": [
            {
                "code": "diverged",
                "layer": 1,
                "title": "Too far",
                "words": "It went too far.",
                "evidence": {"step": 7.0},
                "repair": {"label": "Step smaller", "patch": {"training": {"batch_size": 5}}, "reset": True},
            }
        ]
    }


@pytest.mark.parametrize(("reset", "called"), [("true", "repair"), ("false", "settings")])
def test_a_repair_is_one_change(client: TestClient, service: FakeService, run_id: str, reset: str, called: str) -> None:
    patch = json.dumps({"training": {"optimizer": {"learning_rate": 0.3}}})
    answer = client.post(f"/runs/{run_id}/repair", data={"patch": patch, "reset": reset}, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == "/?training.optimizer.learning_rate=0.3"
    run = service.run(run_id).result()
    assert (run.revision, run.undo) == (1, called)


@pytest.mark.parametrize("reset", ["true", "false"])
@pytest.mark.parametrize("patch", ["", "[]", "{", '{"training": {"batch_size": 0}}'])
def test_what_cannot_be_applied_is_told_and_changes_nothing(
    client: TestClient, service: FakeService, run_id: str, patch: str, reset: str
) -> None:
    answer = client.post(f"/runs/{run_id}/repair", data={"patch": patch, "reset": reset}, headers=HTML)
    assert answer.status_code in (400, 422)
    assert 'data-message=""' not in answer.text
    assert service.run(run_id).result().revision == 0
