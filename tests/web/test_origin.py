"""Pages of other sites change nothing, and a server for a single user answers to names of its machine alone."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from app.web.origin import is_loopback
from tests.web.conftest import applied
from tests.web.fakes import FakeService

RUNS = "/api/v1/runs"
TOKEN = {"Authorization": "Bearer x"}


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),  # no browser
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind-a-proxy.example"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, True),  # TLS ends at a proxy
        ({"Origin": "http://TESTSERVER"}, True),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_a_change_must_come_from_here(demo: FastAPI, headers: dict[str, str], *, passes: bool) -> None:
    client = TestClient(demo)
    client.post(RUNS)  # there is a cookie to be misused
    answer = client.post(RUNS, headers=headers)
    assert answer.status_code == (201 if passes else 403)
    if not passes:
        assert answer.json()["type"] == "/problems/forbidden"
    assert client.get(RUNS, headers=headers).status_code == 200


def test_a_token_is_proof_enough(demo: FastAPI, service: FakeService) -> None:
    token, _ = service.store.create_token("from anywhere")
    headers = {"Origin": "https://elsewhere.example", "Authorization": f"Bearer {token}"}
    assert TestClient(demo).post(RUNS, headers=headers).status_code == 201


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v1/runs/x", "/runs/x", "/runs/x/layers", "/resume"])
def test_every_change_is_looked_at(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (403, 405)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("127.8.8.8", 200),
        ("[::1]:8000", 200),
        ("nn.localhost", 200),
        ("named.example:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("10.0.0.1", 421),
        ("[", 421),
        ("", 421),
    ],
)
@pytest.mark.parametrize("path", [RUNS, "/", "/healthz"])
def test_a_single_user_s_server_answers_to_its_machine_s_names(
    service: FakeService, tmp_path: Path, host: str, status: int, path: str
) -> None:
    settings = Settings(data_dir=tmp_path, single_user=True, allowed_hosts=("named.example",))
    answer = TestClient(applied(settings, service)).get(path, headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert answer.json()["type"] == "/problems/misdirected-request"


def test_a_server_for_many_answers_to_any_name(demo: FastAPI) -> None:
    assert TestClient(demo).get(RUNS, headers={"Host": "nn.school.example"}).status_code == 200


@pytest.mark.parametrize(("host", "local"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False)])
def test_where_a_server_listens_says_whom_it_is_for(host: str, *, local: bool) -> None:
    assert is_loopback(host) == local
