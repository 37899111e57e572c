"""How often a visitor may ask, and how many new ones may come."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from app.web.rate import WINDOW_SECONDS
from tests.web.conftest import applied
from tests.web.fakes import FakeService

RUNS = "/api/v1/runs"
PER_WINDOW = 2 * WINDOW_SECONDS


@pytest.fixture(autouse=True)
def _clock_that_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows begin and end by the clock: requests on both sides of an end are allowed more."""
    now = time.time()
    monkeypatch.setattr("limits.aio.storage.memory.time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def strict(service: FakeService, tmp_path: Path) -> FastAPI:
    """Two requests a second and visitor, one new visitor a second and address."""
    return applied(Settings(data_dir=tmp_path, requests_per_second=2, new_visitors_per_second=1), service)


def test_too_many_requests_are_told_when_to_try_again(strict: FastAPI) -> None:
    client = TestClient(strict)
    client.post(RUNS)
    statuses = [client.get(RUNS).status_code for _ in range(PER_WINDOW)]
    assert statuses == [200] * PER_WINDOW
    refused = client.get(RUNS)
    assert refused.status_code == 429
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= WINDOW_SECONDS
    problem = refused.json()
    assert problem["type"] == "/problems/limit-reached"
    assert f"Try again in {seconds} second" in problem["detail"]


def test_a_person_reads_when_to_try_again(strict: FastAPI) -> None:
    client = TestClient(strict)
    answers = [client.get("/runs/nothing", headers={"HX-Request": "true"}) for _ in range(PER_WINDOW + 1)]
    assert [answer.status_code for answer in answers] == [404] * PER_WINDOW + [429]
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert "Try again in" in answers[-1].text


def test_one_visitor_s_haste_is_not_another_s_delay(strict: FastAPI) -> None:
    hasty, calm = TestClient(strict), TestClient(strict)
    for client in (hasty, calm):
        client.post(RUNS)
    assert {hasty.get(RUNS).status_code for _ in range(2 * PER_WINDOW)} == {200, 429}
    assert calm.get(RUNS).status_code == 200


def test_one_address_cannot_make_any_number_of_visitors(strict: FastAPI) -> None:
    statuses = [TestClient(strict).post(RUNS).status_code for _ in range(WINDOW_SECONDS + 3)]
    assert statuses == [201] * WINDOW_SECONDS + [429] * 3
    elsewhere = TestClient(strict, client=("2001:db8::1", 1))
    assert elsewhere.post(RUNS).status_code == 201


def test_addresses_of_one_network_are_one(strict: FastAPI) -> None:
    clients = (TestClient(strict, client=(f"2001:db8::{number:x}", 1)) for number in range(WINDOW_SECONDS + 1))
    assert [client.post(RUNS).status_code for client in clients][-1] == 429


def test_guessing_tokens_is_slow(strict: FastAPI) -> None:
    client = TestClient(strict)
    guesses = [client.get(RUNS, headers={"Authorization": f"Bearer {guess}"}) for guess in range(WINDOW_SECONDS + 1)]
    assert [guess.status_code for guess in guesses] == [401] * WINDOW_SECONDS + [429]


def test_probes_and_files_are_not_counted(strict: FastAPI) -> None:
    client = TestClient(strict)
    for path in ("/healthz", "/static/css/base.css"):
        assert {client.get(path).status_code for _ in range(PER_WINDOW + 1)} == {200}


def test_a_single_user_may_ask_as_often_as_he_likes(service: FakeService, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, single_user=True, allowed_hosts=("testserver",), requests_per_second=1)
    client = TestClient(applied(settings, service))
    assert {client.get(RUNS).status_code for _ in range(WINDOW_SECONDS + 1)} == {200}
