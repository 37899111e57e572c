"""Where tests keep their data: in SQLite files, or with `--database postgresql` in databases of a cluster.

The place of the cluster travels by the environment, so that what tests start can tell it, too.
"""

import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import Cluster

CHOICE = "NNPLAY_TEST_DATABASE"
KINDS = ("sqlite", "postgresql")

_CLUSTER = "NNPLAY_TEST_CLUSTER"


@contextmanager
def postgresql_everywhere(cluster: Cluster) -> Generator[None]:
    """Makes PostgreSQL what `database_url` gives."""
    os.environ[_CLUSTER] = str(cluster.folder)
    try:
        yield
    finally:
        del os.environ[_CLUSTER]


def database_url(data_dir: Path) -> str | None:
    """The database that belongs to a data folder, the same for the same one; None where it is a file in the folder."""
    if place := os.environ.get(_CLUSTER):
        return Cluster(Path(place)).database(hashlib.sha256(str(data_dir).encode()).hexdigest()[:32])
    return None
