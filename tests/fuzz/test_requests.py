"""Whatever file is sent: it is taken or refused in words, soon. `make fuzz` tries far more of it."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from tests.fuzz.requests import application, run_files, uploads
from tests.fuzz.runner import fuzz
from tests.fuzz.targets import Target

INPUTS = 100


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with application(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.mark.parametrize("target_of", [uploads, run_files])
def test_file_is_taken_or_refused(client: TestClient, target_of: Callable[[TestClient], Target]) -> None:
    outcome = fuzz(target_of(client), INPUTS)
    assert 0 < outcome.accepted < outcome.inputs
