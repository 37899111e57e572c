"""Who may write a database: one server at a time, since a run that two of them train would be neither's."""

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.errors import InvalidInput

# A server that is being replaced takes some seconds to end.
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.05
# PostgreSQL keeps advisory locks apart by database; the number only has to be this program's own.
ADVISORY_LOCK = 0x4E4E504C


def _wait(taken: Callable[[], bool], what: str) -> None:
    """Waits until `taken`. Raises InvalidInput where somebody else keeps it too long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not taken():
        if time.monotonic() > deadline:
            raise InvalidInput(
                f"Another server works with {what}. Stop it, or give this one data of its own by NNPLAY_DATA_DIR "
                "(or NNPLAY_DATABASE_URL)."
            )
        time.sleep(POLL_SECONDS)


@contextmanager
def claimed_file(database: Path) -> Generator[None]:
    """Holds an SQLite database by a lock on a file beside it, which the system lets go of however the process ends."""
    descriptor = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(lambda: _locked(descriptor), str(database))
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def claim_by_connecting(engine: Engine) -> None:
    """Lets each connection of a PostgreSQL engine hold the database, so that a writer that has lost its connection, and
    with it the lock, writes no more until it has both again."""

    @event.listens_for(engine, "connect")
    def claim(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
        def taken() -> bool:
            cursor = connection.cursor()
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,))
            row = cursor.fetchone()
            connection.commit()
            return bool(row and row[0])

        _wait(taken, f"the database {engine.url.database}")
