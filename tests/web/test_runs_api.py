"""Runs over HTTP: what goes in, what comes out, and where it can be had again."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.schemas.experiment import PlaneExperiment
from tests.web.fakes import FakeService

RUN_FIELDS = {
    "id",
    "status",
    "message",
    "experiment",
    "resolved",
    "playing",
    "passed",
    "undo",
    "redo",
    "revision",
    "origin",
    "step",
    "epoch",
    "speed",
    "metrics",
    "parameters",
    "links",
}

LABEL_FIELDS = {"name", "notes", "tags", "created", "touched", "bytes"}


def test_run_is_made_and_its_address_told(client: TestClient) -> None:
    response = client.post("/api/v1/runs", json={"seed": 3})
    assert response.status_code == 201
    run = response.json()
    assert set(run) == RUN_FIELDS
    assert run["status"] == "created"
    assert response.headers["location"] == run["links"]["self"]
    assert client.get(run["links"]["self"]).json() == run


def test_experiment_shows_derived_fields_only_once_they_are_given(client: TestClient) -> None:
    run = client.post("/api/v1/runs").json()
    assert run["experiment"] == PlaneExperiment().document()
    assert "loss" not in run["experiment"]["training"]
    assert run["resolved"]["training"]["loss"] == "half_squared_error"
    assert client.post("/api/v1/runs", json=run["experiment"]).json()["experiment"] == run["experiment"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("", "created"), ("?play=true", "running"), ("?play=false", "created"), ("?plai=1", "created")],
)
def test_run_plays_where_it_was_asked_to(client: TestClient, query: str, status: str) -> None:
    assert client.post(f"/api/v1/runs{query}").json()["status"] == status


def test_run_of_the_interface_goes_at_full_speed(client: TestClient) -> None:
    assert client.post("/api/v1/runs").json()["speed"] is None


def test_all_runs_are_listed(client: TestClient) -> None:
    made = [client.post("/api/v1/runs", json={"seed": seed}).json() for seed in range(3)]
    listed = client.get("/api/v1/runs").json()["runs"]
    assert {run["id"]: {name: run[name] for name in RUN_FIELDS} for run in listed} == {run["id"]: run for run in made}
    assert all(set(run) == RUN_FIELDS | LABEL_FIELDS for run in listed)


def test_links_lead_somewhere(client: TestClient) -> None:
    links = client.post("/api/v1/runs").json()["links"]
    for name in ("self", "history", "diagnosis", "data", "parameters"):
        assert client.get(links[name]).status_code == 200
    assert client.post(links["commands"], json={"type": "pause"}).status_code == 200
    assert client.post(links["predict"], json={"inputs": [[0, 0]]}).status_code == 200


@pytest.mark.parametrize("media_type", ["application/merge-patch+json", "application/json"])
def test_patch_tells_how_it_was_applied(client: TestClient, run_url: str, media_type: str) -> None:
    patch = b'{"training": {"optimizer": {"learning_rate": 0.1}}}'
    response = client.patch(run_url, content=patch, headers={"Content-Type": media_type})
    assert response.status_code == 200
    run = response.json()
    assert set(run) == RUN_FIELDS | {"applied"}
    assert run["applied"] == "live"
    assert run["experiment"]["training"]["optimizer"]["learning_rate"] == 0.1


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"training": {"batch_size": 0}}, "training.batch_size"),
        ({"training": {"loss": "categorical_cross_entropy", "optimiser": {}}}, "training.optimiser"),
        ({"network": {"output_activation": "softmax"}}, "network.output_activation"),
    ],
)
def test_bad_patch_changes_nothing(client: TestClient, run_url: str, patch: object, path: str) -> None:
    before = client.get(run_url).json()
    response = client.patch(run_url, json=patch)
    assert response.status_code == 422
    assert [field["path"] for field in response.json()["errors"]] == [path]
    assert client.get(run_url).json() == before


@pytest.mark.parametrize("body", [b"[]", b"1", b"null"])
def test_patch_must_be_an_object(client: TestClient, run_url: str, body: bytes) -> None:
    assert client.patch(run_url, content=body).status_code == 422


def test_command_answers_with_the_run(client: TestClient, run_url: str) -> None:
    response = client.post(f"{run_url}/commands", json={"type": "step", "unit": "batch", "count": 7})
    assert response.status_code == 200
    assert response.json()["step"] == 7


@pytest.mark.parametrize(
    "command",
    [{}, {"type": "jump"}, {"type": "play", "until": {}}, {"type": "step", "count": 0}, {"type": "pause", "x": 1}],
)
def test_bad_command_is_refused(client: TestClient, run_url: str, command: object) -> None:
    response = client.post(f"{run_url}/commands", json=command)
    assert response.status_code == 422
    assert response.json()["errors"]


def test_deleted_run_is_gone(client: TestClient, run_url: str) -> None:
    response = client.delete(run_url)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(run_url).status_code == 404


def test_service_lives_as_long_as_the_application(client: TestClient, service: FakeService) -> None:
    assert service.started
    client.__exit__()
    assert not service.started
    client.__enter__()


def test_links_behind_a_proxy_keep_its_prefix(application: FastAPI) -> None:
    with TestClient(application, root_path="/lab") as client:
        assert client.post("/lab/api/v1/runs").headers["location"].startswith("/lab/api/v1/runs/")
