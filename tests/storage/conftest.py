"""Every test of storage runs on both databases."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine

from app.storage.store import Store
from app.storage.tables import metadata
from tests.databases import KINDS
from tests.postgres import Cluster


@pytest.fixture(params=KINDS)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'playground.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database(f"test-{uuid4().hex}")


@pytest.fixture(scope="session")
def postgresql_url(cluster: Cluster) -> str:
    """A database with tables. PostgreSQL takes long to make one."""
    url = cluster.database(f"test-{uuid4().hex}")
    Store(url).close()
    return url


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'playground.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    engine = create_engine(url.replace(":", "+psycopg:", 1))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
    engine.dispose()
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    with closing(Store(url)) as store:
        yield store
