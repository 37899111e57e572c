"""Connections to SQLite or PostgreSQL: one that writes, some that read."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, Select, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from app.errors import InvalidInput
from app.storage.claim import claim_by_connecting, claimed_file

Value = TypeVar("Value")

SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON")


class Database:
    """A database of either kind, which is made where it is a file that does not exist.

    Readers see whole transactions and wait for nobody. There is one writing connection; threads take turns at it. With
    `exclusive` no other exclusive Database, in this process or another, is on the same data.
    """

    def __init__(self, url: str, *, exclusive: bool) -> None:
        self.url = _understood(url)
        with ExitStack() as resources:
            try:
                self.writer, self.reader = self._open(resources, exclusive=exclusive)
            except (OperationalError, OSError) as error:
                reason = error.orig if isinstance(error, OperationalError) else error
                raise InvalidInput(f"The database {self.url} cannot be opened: {reason}") from None
            self._resources = resources.pop_all()

    def _open(self, resources: ExitStack, *, exclusive: bool) -> tuple[Engine, Engine]:
        if self.url.get_backend_name() == "sqlite":
            path = Path(self.url.database or "")
            path.parent.mkdir(parents=True, exist_ok=True)
            if exclusive:
                resources.enter_context(claimed_file(path))
        writer = create_engine(self.url, pool_size=1, max_overflow=0, pool_pre_ping=True)
        resources.callback(writer.dispose)
        reader = create_engine(self.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        resources.callback(reader.dispose)
        if self.url.get_backend_name() == "sqlite":
            _configure_sqlite(writer)
            _configure_sqlite(reader)
            event.listen(writer, "begin", _begin_writing)
        elif exclusive:
            claim_by_connecting(writer)
        with writer.connect():
            return writer, reader

    def _read(self) -> AbstractContextManager[Connection]:
        """For queries, each of which sees what had been written when it began."""
        return self.reader.connect()

    def _write(self) -> AbstractContextManager[Connection]:
        """One transaction."""
        return self.writer.begin()

    def _scalar(self, query: Select[Value]) -> Value | None:
        with self._read() as connection:
            return connection.scalar(query)

    def _scalars(self, query: Select[Value]) -> list[Value]:
        with self._read() as connection:
            return list(connection.scalars(query))

    def close(self) -> None:
        """Closes all connections and lets others have the data."""
        self._resources.close()


def _understood(text: str) -> URL:
    """The URL, with the driver. Raises InvalidInput where it is not one of the two kinds."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise InvalidInput(
            "NNPLAY_DATABASE_URL is not a URL; write postgresql://user:password@host/database."
        ) from None
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise InvalidInput(f"{url}: only postgresql://… and sqlite:///FILE can hold the data.")


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # the driver begins no transactions by itself
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
