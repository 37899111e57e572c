"""The application around a service of runs that do not train."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from app.main import assemble
from app.runs.service import RunService
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import Store, open_store
from tests.databases import database_url
from tests.web.fakes import FakeService

LIMIT = 50_000
_routes: list[BaseRoute] = []


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests: each has visitors and runs of its own."""
    folder = tmp_path_factory.mktemp("store")
    with closing(open_store(Settings(data_dir=folder, database_url=database_url(folder)))) as store:
        yield store


@pytest.fixture
def service(shared_store: Store) -> FakeService:
    return FakeService(shared_store)


@pytest.fixture
def application(service: FakeService, tmp_path: Path) -> FastAPI:
    """For a single user: whoever asks is the one visitor (`LOCAL`)."""
    settings = Settings(data_dir=tmp_path, max_body_bytes=LIMIT, single_user=True, allowed_hosts=("testserver",))
    return applied(settings, service)


@pytest.fixture
def demo(service: FakeService, tmp_path: Path) -> FastAPI:
    """For many: whoever keeps cookies is a visitor."""
    return applied(Settings(data_dir=tmp_path, max_body_bytes=LIMIT), service)


def applied(settings: Settings, service: FakeService) -> FastAPI:
    """The application with these settings."""
    application = assemble(settings, service.store, DatasetStore(service.store), cast(RunService, service))
    # FastAPI works routes out when they are first asked for, longer than most tests take; they are the same everywhere.
    _routes.extend(application.router.routes if not _routes else ())
    application.router.routes[:] = _routes
    return application


@pytest.fixture
def client(application: FastAPI) -> Iterator[TestClient]:
    """A client that gets the answer to a fault of the server, rather than the fault."""
    with TestClient(application, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def run_url(client: TestClient) -> str:
    """The address of a run that has just been made."""
    return client.post("/api/v1/runs").headers["location"]
