"""Two visitors: whatever one asks of what is the other's, it is as if that were not there.

The real application, all of its routes. A new route that names a run, a dataset or anything else in its address must be
put into one of the tables below, or the first test fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.api.datasets import SNAPSHOTS
from tests.databases import database_url

pytestmark = pytest.mark.e2e

Request = tuple[str, str]

# What a reader may do, too. Requests for a run (`{run_id}`) or a dataset (`{dataset_id}`), with their bodies.
LOOKS: dict[Request, dict[str, Any]] = {
    ("GET", "/api/v1/runs/{run_id}"): {},
    ("GET", "/api/v1/runs/{run_id}/journal"): {},
    ("GET", "/api/v1/runs/{run_id}/diagnosis"): {},
    ("GET", "/api/v1/runs/{run_id}/history"): {},
    ("GET", "/api/v1/runs/{run_id}/data"): {},
    ("GET", "/api/v1/runs/{run_id}/parameters"): {},
    ("GET", "/api/v1/runs/{run_id}/landscape"): {},
    ("GET", "/api/v1/runs/{run_id}/file"): {},
    ("GET", "/api/v1/runs/{run_id}/events"): {},
    ("GET", "/api/v1/events?runs={run_id}"): {},
    ("GET", "/api/v1/comparisons?runs={run_id}"): {},
    ("GET", "/compare?runs={run_id}"): {},
    ("GET", "/runs/{run_id}/compare"): {},
    ("GET", "/runs/{run_id}"): {},
    ("GET", "/runs/{run_id}/points"): {},
    ("GET", "/runs/{run_id}/functions"): {},
    ("GET", "/runs/{run_id}/file"): {},
    ("POST", "/api/v1/runs/{run_id}/predict"): {"json": {"inputs": [[0, 0]]}},
    ("POST", "/api/v1/runs/{run_id}/copy"): {},
    ("POST", "/runs/{run_id}/copy"): {},
}
# The same of a run that learns from pictures; others have no answer.
LOOKS_AT_PICTURES: dict[Request, dict[str, Any]] = {
    ("GET", "/api/v1/runs/{run_id}/pictures"): {},
    ("GET", "/api/v1/runs/{run_id}/answers"): {},
    ("GET", "/api/v1/runs/{run_id}/explain"): {"params": {"kind": "maps", "row": 0}},
    ("POST", "/api/v1/runs/{run_id}/explain"): {"params": {"kind": "maps"}, "json": {"picture": [0.5]}},
}
# What only the owner may do.
CHANGES: dict[Request, dict[str, Any]] = {
    ("PATCH", "/api/v1/runs/{run_id}"): {"json": {"seed": 5}},
    ("DELETE", "/api/v1/runs/{run_id}"): {},
    ("POST", "/api/v1/runs/{run_id}/commands"): {"json": {"type": "pause"}},
    ("POST", "/api/v1/runs/{run_id}/landscape"): {"json": {"side": 3}},
    ("POST", "/api/v1/runs/{run_id}/branch"): {"json": {"step": 0}},
    ("PATCH", "/api/v1/runs/{run_id}/label"): {"json": {"name": "mine"}},
    ("POST", "/api/v1/runs/{run_id}/share"): {},
    ("DELETE", "/api/v1/runs/{run_id}/share"): {},
    ("PATCH", "/runs/{run_id}"): {"data": {"data.noise": "5"}},
    ("POST", "/runs/{run_id}/layers"): {"data": {"action": "add"}},
    ("POST", "/runs/{run_id}/commands"): {"data": {"type": "pause"}},
    ("POST", "/runs/{run_id}/open"): {"data": {"address": "/"}},
    ("POST", "/runs/{run_id}/repair"): {"data": {"patch": '{"seed": 6}'}},
    ("POST", "/runs/{run_id}/file"): {"data": {"name": "x", "text": "{}"}},
    ("POST", "/runs/{run_id}/own-points"): {"data": {"text": "1,1,0\n2,2,1\n"}},
    ("POST", "/runs/{run_id}/own-points/preview"): {"content": "1,1,0\n2,2,1\n"},
}
# What is not there for readers, either.
HIDDEN: dict[Request, dict[str, Any]] = {("POST", "/api/v1/runs/{run_id}/restore"): {}}
DATASETS: dict[Request, dict[str, Any]] = {
    ("GET", "/api/v1/datasets/{dataset_id}"): {},
    ("GET", "/api/v1/datasets/{dataset_id}/pictures/{index}"): {},
}
# Of sweeps there are no readers.
SWEEPS: dict[Request, dict[str, Any]] = {
    ("GET", "/api/v1/sweeps/{sweep_id}"): {},
    ("POST", "/api/v1/sweeps/{sweep_id}/commands"): {"json": {"type": "stop"}},
    ("POST", "/api/v1/sweeps/{sweep_id}/runs"): {"json": {"trials": [0]}},
    ("DELETE", "/api/v1/sweeps/{sweep_id}"): {},
    ("GET", "/sweeps/{sweep_id}"): {},
    ("POST", "/sweeps/{sweep_id}/again"): {},
}
# What their addresses name is nobody's, or everybody's who knows it.
FREE = {("GET", "/problems/{slug}"), ("GET", "/shared/{token}")}
QUERIES = {"runs"}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder: Path = tmp_path_factory.mktemp("data")
    return create_app(Settings(data_dir=folder, database_url=database_url(folder), warm_up=False))


@pytest.fixture(scope="module")
def owner(application: FastAPI) -> Iterator[TestClient]:
    """Keeps the application running for all tests here."""
    with TestClient(application) as client:
        yield client


@pytest.fixture
def stranger(application: FastAPI, owner: TestClient) -> TestClient:
    """Somebody else, who has a run of their own, and so a cookie."""
    client = TestClient(application)
    assert client.post("/api/v1/runs").status_code == 201
    return client


@pytest.fixture
def run_id(owner: TestClient) -> str:
    return owner.post("/api/v1/runs").json()["id"]


def send(client: TestClient, request: Request, rest: dict[str, Any], **ids: str) -> httpx2.Response:
    method, address = request
    return client.request(method, address.format(**ids), **rest)


def state_of(client: TestClient, run_id: str) -> tuple[object, ...]:
    """What somebody else might have changed; metrics come by themselves when the program is compiled."""
    run = client.get(f"/api/v1/runs/{run_id}").json()
    return run["experiment"], run["revision"], run["playing"], run["undo"]


def test_every_route_is_in_a_table(application: FastAPI) -> None:
    naming: set[Request] = set()
    for context in iter_route_contexts(application.routes):
        path, route = context.path or "", context.original_route
        named = [field.alias for field in route.dependant.query_params] if isinstance(route, APIRoute) else []
        for method in context.methods or {"GET"}:
            if "{" in path:
                naming.add((method, path))
            naming |= {(method, f"{path}?{name}={{run_id}}") for name in QUERIES.intersection(named)}
    assert (
        naming
        == LOOKS.keys()
        | LOOKS_AT_PICTURES.keys()
        | CHANGES.keys()
        | HIDDEN.keys()
        | DATASETS.keys()
        | SWEEPS.keys()
        | FREE
    )


@pytest.mark.parametrize("request_", [*LOOKS, *LOOKS_AT_PICTURES, *CHANGES, *HIDDEN], ids=" ".join)
def test_a_run_of_somebody_else_is_a_run_that_is_not_there(
    owner: TestClient, stranger: TestClient, run_id: str, request_: Request
) -> None:
    rest = LOOKS.get(request_) or LOOKS_AT_PICTURES.get(request_) or CHANGES.get(request_) or {}
    before = state_of(owner, run_id)
    missing = "0" * len(run_id)
    for client in (stranger, TestClient(stranger.app)):  # the second has no cookie
        refused, unknown = (send(client, request_, rest, run_id=id_) for id_ in (run_id, missing))
        assert (refused.status_code, unknown.status_code) == (404, 404)
        assert refused.text.replace(run_id, missing) == unknown.text
        assert "set-cookie" not in refused.headers
    assert state_of(owner, run_id) == before


@pytest.mark.parametrize("request_", [*DATASETS], ids=" ".join)
def test_a_dataset_of_somebody_else_is_a_dataset_that_is_not_there(
    owner: TestClient, stranger: TestClient, request_: Request
) -> None:
    dataset_id = owner.post("/api/v1/datasets", json=SNAPSHOTS).json()["id"]
    missing = "0" * len(dataset_id)
    refused, unknown = (send(stranger, request_, {}, dataset_id=id_, index="0") for id_ in (dataset_id, missing))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.text.replace(dataset_id, missing) == unknown.text
    assert send(owner, request_, {}, dataset_id=dataset_id, index="0").status_code == 200


@pytest.mark.parametrize("request_", [*SWEEPS], ids=" ".join)
def test_a_sweep_of_somebody_else_is_a_sweep_that_is_not_there(
    owner: TestClient, stranger: TestClient, request_: Request
) -> None:
    sweep_id = owner.post("/api/v1/sweeps", json={"space": {"seed": [1, 2]}, "epochs": 2}).json()["id"]
    missing = "0" * len(sweep_id)
    for client in (stranger, TestClient(stranger.app)):  # the second has no cookie
        refused, unknown = (send(client, request_, SWEEPS[request_], sweep_id=id_) for id_ in (sweep_id, missing))
        assert (refused.status_code, unknown.status_code) == (404, 404)
        assert refused.text.replace(sweep_id, missing) == unknown.text
    assert stranger.get("/api/v1/sweeps").json() == {"sweeps": []}
    assert owner.get(f"/api/v1/sweeps/{sweep_id}").json()["status"] != "stopped"
    assert owner.delete(f"/api/v1/sweeps/{sweep_id}").status_code == 204


def test_a_binned_run_of_somebody_else_is_a_run_that_is_not_there(
    owner: TestClient, stranger: TestClient, run_id: str
) -> None:
    assert owner.delete(f"/api/v1/runs/{run_id}").status_code == 204
    missing = "0" * len(run_id)
    refused, unknown = (stranger.post(f"/api/v1/runs/{id_}/restore") for id_ in (run_id, missing))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.text.replace(run_id, missing) == unknown.text
    assert stranger.get("/api/v1/runs?binned=true").json() == {"runs": []}
    assert owner.post(f"/api/v1/runs/{run_id}/restore").json()["id"] == run_id


def test_one_run_of_somebody_else_spoils_a_stream(stranger: TestClient, run_id: str) -> None:
    [mine] = stranger.get("/api/v1/runs").json()["runs"]
    assert stranger.get(f"/api/v1/events?runs={mine['id']},{run_id}").status_code == 404


def test_only_one_s_own_runs_are_listed(owner: TestClient, stranger: TestClient, run_id: str) -> None:
    assert run_id in [run["id"] for run in owner.get("/api/v1/runs").json()["runs"]]
    assert len(stranger.get("/api/v1/runs").json()["runs"]) == 1
    assert TestClient(stranger.app).get("/api/v1/runs").json() == {"runs": []}


def test_whoever_opens_a_link_may_look_but_not_change(owner: TestClient, stranger: TestClient, run_id: str) -> None:
    link = owner.post(f"/api/v1/runs/{run_id}/share").json()["url"]
    opened = stranger.get(link, follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/runs/{run_id}")
    for request, rest in LOOKS.items():
        if "events" not in request[1]:  # endless
            assert send(stranger, request, rest, run_id=run_id).is_success, request
    for request, rest in LOOKS_AT_PICTURES.items():
        assert send(stranger, request, rest, run_id=run_id).status_code == 422, request
    before = state_of(owner, run_id)
    for request, rest in CHANGES.items():
        answer = send(stranger, request, rest, run_id=run_id)
        assert answer.status_code == 403, request
        assert "shared with you to look at" in answer.text
    assert state_of(owner, run_id) == before
    assert run_id not in [run["id"] for run in stranger.get("/api/v1/runs").json()["runs"]]


def test_a_link_that_is_taken_back_leads_nowhere(owner: TestClient, stranger: TestClient, run_id: str) -> None:
    link = owner.post(f"/api/v1/runs/{run_id}/share").json()["url"]
    stranger.get(link, follow_redirects=False)
    assert owner.delete(f"/api/v1/runs/{run_id}/share").status_code == 204
    assert stranger.get(f"/api/v1/runs/{run_id}").status_code == 404
    assert stranger.get(link, follow_redirects=False).status_code == 404
    assert owner.get(f"/api/v1/runs/{run_id}").status_code == 200


def test_a_copy_is_one_s_own(owner: TestClient, stranger: TestClient, run_id: str) -> None:
    owner.patch(f"/api/v1/runs/{run_id}", json={"seed": 77})
    stranger.get(owner.post(f"/api/v1/runs/{run_id}/share").json()["url"], follow_redirects=False)
    copied = stranger.post(f"/api/v1/runs/{run_id}/copy")
    assert copied.status_code == 201
    copy = copied.headers["location"]
    assert stranger.patch(copy, json={"seed": 78}).json()["experiment"]["seed"] == 78
    assert owner.get(f"/api/v1/runs/{run_id}").json()["experiment"]["seed"] == 77
    assert owner.get(copy).status_code == 404
