"""A client of the real server, and a run on it."""

from collections.abc import Iterator

import httpx
import pytest

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="session")
def http(server_url: str) -> Iterator[httpx.Client]:
    """Requests to the shared server; addresses are relative to it."""
    with httpx.Client(base_url=server_url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture
def run_url(http: httpx.Client) -> Iterator[str]:
    """The address of a run of the default Experiment, deleted in the end."""
    url = http.post("/api/v1/runs").headers["location"]
    yield url
    http.delete(url)
