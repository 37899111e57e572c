"""Who asks: known by a cookie that cannot be made up, or by a token; on a server for a single user, always the same."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.settings import Settings
from app.storage.store import Store
from app.web import visitors
from app.web.visitors import COOKIE
from tests.web.conftest import applied
from tests.web.fakes import FakeService

RUNS = "/api/v1/runs"


@pytest.fixture
def somebody(demo: FastAPI) -> TestClient:
    """A browser that has not been here before, on a server for many."""
    return TestClient(demo)


def count(client: TestClient, **headers: str) -> int:
    return len(client.get(RUNS, headers=headers).json()["runs"])


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/css/base.css", "/api/v1/catalog", RUNS, "/nowhere"])
def test_nobody_is_given_a_cookie_for_looking(somebody: TestClient, path: str) -> None:
    assert "set-cookie" not in somebody.get(path).headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", RUNS)])
def test_whoever_gets_a_run_is_known_from_then_on(somebody: TestClient, method: str, path: str) -> None:
    cookie = somebody.request(method, path).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert count(somebody) == 1
    somebody.post(RUNS)
    assert count(somebody) == 2


def test_by_tls_the_cookie_is_sent_by_tls_alone(demo: FastAPI) -> None:
    client = TestClient(demo, base_url="https://testserver")
    assert "Secure" in client.post(RUNS).headers["set-cookie"].split("; ")


def test_a_page_in_a_frame_of_another_site_keeps_its_visitor(service: FakeService, tmp_path: Path) -> None:
    framed = applied(Settings(data_dir=tmp_path, frame_ancestors="https://school.example"), service)
    cookie = TestClient(framed, base_url="https://testserver").post(RUNS).headers["set-cookie"].split("; ")
    assert {"SameSite=None", "Secure", "Partitioned"} <= set(cookie)


@pytest.mark.parametrize("made_up", ["local", "{mine}", "{mine}.", "{mine}.{signature}x", "0{mine}.{signature}", "."])
def test_a_cookie_that_was_made_up_is_nobody_s(somebody: TestClient, made_up: str) -> None:
    somebody.post(RUNS)
    mine, _, signature = somebody.cookies[COOKIE].partition(".")
    stranger = TestClient(somebody.app, cookies={COOKIE: made_up.format(mine=mine, signature=signature)})
    assert count(stranger) == 0
    stranger.post(RUNS)
    assert count(stranger) == 1
    assert count(somebody) == 1


def test_a_visitor_is_known_after_a_restart(service: FakeService, somebody: TestClient, tmp_path: Path) -> None:
    somebody.post(RUNS)
    again = applied(Settings(data_dir=tmp_path), service)
    assert count(TestClient(again, cookies={COOKIE: somebody.cookies[COOKIE]})) == 1
    other_key = applied(Settings(data_dir=tmp_path, secret_key=SecretStr("another key" * 4)), service)
    assert count(TestClient(other_key, cookies={COOKIE: somebody.cookies[COOKIE]})) == 0


def test_the_key_is_for_its_owner_alone_and_the_same_for_servers_that_start_at_once(
    service: FakeService, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    with ThreadPoolExecutor(4) as threads:
        starting = [threads.submit(applied, Settings(data_dir=folder), service) for _ in range(4)]
    [key] = folder.iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) == 64
    first, *others = (TestClient(made.result()) for made in starting)
    first.post(RUNS)
    assert all(count(TestClient(other.app, cookies=dict(first.cookies))) == 1 for other in others)


def test_a_token_is_a_visitor_of_its_own(somebody: TestClient, shared_store: Store) -> None:
    token, _ = shared_store.create_token("notebook")
    mine = {"Authorization": f"Bearer {token}"}
    made = somebody.post(RUNS, headers=mine)
    assert made.status_code == 201
    assert "set-cookie" not in made.headers
    assert (count(somebody, **mine), count(somebody)) == (1, 0)


@pytest.mark.parametrize("path", [RUNS, "/api/v1/catalog", "/"])
@pytest.mark.parametrize("token", ["", "nnplay_wrong", "ä"])
def test_a_token_that_is_none_is_refused_wherever_it_is_shown(somebody: TestClient, path: str, token: str) -> None:
    answer = somebody.get(path, headers=[(b"Authorization", f"Bearer {token}".encode())])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/unauthorized"


def test_tokens_are_looked_up_once_in_a_while_so_that_revoking_one_takes_effect(
    somebody: TestClient, shared_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = shared_store.create_token("lent")
    mine = {"Authorization": f"Bearer {token}"}
    assert somebody.get(RUNS, headers=mine).status_code == 200
    with monkeypatch.context() as unreachable:
        unreachable.setattr(shared_store, "visitor_of_token", lambda _: pytest.fail("asked again"))  # pyright: ignore
        assert somebody.get(RUNS, headers=mine).status_code == 200
    shared_store.revoke_token("lent")
    monkeypatch.setattr(visitors.time, "monotonic", lambda: 1e12)
    assert somebody.get(RUNS, headers=mine).status_code == 401


def test_a_single_user_is_one_visitor_without_cookie_or_key(client: TestClient, tmp_path: Path) -> None:
    assert "set-cookie" not in client.get("/").headers
    assert count(TestClient(client.app)) == 1
    assert not (tmp_path / "secret.key").exists()
