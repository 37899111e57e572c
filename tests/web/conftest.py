"""The application around a service of runs that do not train."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import assemble
from app.runs.service import RunService
from app.settings import Settings
from app.storage.datasets import DatasetStore
from tests.web.fakes import FakeService

LIMIT = 50_000


@pytest.fixture
def service(tmp_path: Path) -> FakeService:
    return FakeService(DatasetStore(tmp_path))


@pytest.fixture
def application(service: FakeService, tmp_path: Path) -> FastAPI:
    settings = Settings(data_dir=tmp_path, max_body_bytes=LIMIT)
    return assemble(settings, DatasetStore(tmp_path), cast(RunService, service))


@pytest.fixture
def client(application: FastAPI) -> Iterator[TestClient]:
    """A client that gets the answer to a fault of the server, rather than the fault."""
    with TestClient(application, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def run_url(client: TestClient) -> str:
    """The address of a run that has just been made."""
    return client.post("/api/v1/runs").headers["location"]
