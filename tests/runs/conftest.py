"""One service of runs for the whole session, since programs take seconds to compile; others where limits differ."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from app.runs.service import RunService
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import open_store
from tests.databases import database_url
from tests.runs.driver import Driver

ServiceOf = Callable[..., AbstractContextManager[Driver]]


@pytest.fixture(scope="session")
def service_of(tmp_path_factory: pytest.TempPathFactory) -> ServiceOf:
    """Starts a service with these settings."""

    @contextmanager
    def started(data_dir: Path | None = None, **settings: object) -> Generator[Driver]:
        data_dir = data_dir or tmp_path_factory.mktemp("data")
        folders = {"data_dir": data_dir, "database_url": database_url(data_dir)}
        values = {**folders, "warm_up": False, **settings}
        chosen = Settings.model_validate(values)
        with closing(open_store(chosen)) as store:
            service = RunService(chosen, DatasetStore(store), store)
            service.start()
            try:
                yield Driver(service)
            finally:
                service.stop()

    return started


@pytest.fixture(scope="session")
def shared(service_of: ServiceOf) -> Iterator[Driver]:
    with service_of() as driver:
        yield driver


@pytest.fixture
def driver(shared: Driver) -> Iterator[Driver]:
    """The session's service; a test's runs are deleted when it is done."""
    yield shared
    shared.delete_all()
