"""The real application in a test's own process, with runs that train."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.databases import database_url


@contextmanager
def serving(folder: Path, **settings: int) -> Generator[TestClient]:
    """A client of the application, for visitors who are known by cookies, with these limits."""
    # Validated, since a misspelt limit would be ignored.
    values = {"data_dir": folder, "database_url": database_url(folder), "warm_up": False, **settings}
    with TestClient(create_app(Settings.model_validate(values))) as client:
        yield client
