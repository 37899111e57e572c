"""Changes of many runs as few statements: each kind of change is one statement for all of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    Table,
    Text,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from app.storage.records import (
    Change,
    DropCheckpoint,
    PutCheckpoint,
    PutHistory,
    PutJournal,
    PutRun,
    PutThumbnail,
)
from app.storage.tables import checkpoints, history, journal, runs

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[Mapping[str, Any]]

_KEPT_BY_PUT = ("id", "created")


def apply(connection: Connection, changes: Sequence[Change]) -> None:
    """Makes the changes, those of one run in their order. What is said of a run that is no more is ignored."""
    put = [change for change in changes if isinstance(change, PutRun)]
    _put_runs(connection, put)
    others = _of_existing_runs(connection, changes, {change.id for change in put})
    _put_journals(connection, [change for change in others if isinstance(change, PutJournal)])
    _put_checkpoints(
        connection,
        {change.run_id: change for change in others if isinstance(change, PutCheckpoint | DropCheckpoint)}.values(),
    )
    _put_history(connection, [change for change in others if isinstance(change, PutHistory)])
    thumbnails = {change.run_id: change for change in others if isinstance(change, PutThumbnail)}
    _many(
        connection,
        _update_runs(thumbnail=bindparam("picture", type_=Text)),
        [{"run_id": change.run_id, "picture": change.thumbnail} for change in thumbnails.values()],
    )


def to_text(value: JsonValue | Mapping[str, JsonValue] | Sequence[str]) -> str:
    """JSON as it is stored."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def put_if_new(connection: Connection, table: Table, **row: object) -> None:
    """Inserts a row, unless one of its key is there."""
    connection.execute(_upsert(connection.dialect.name, table).on_conflict_do_nothing(), row)


@cache
def _put(dialect: str, table: Table, anew: tuple[str, ...]) -> Executable:
    """An insert that changes the columns `anew` where there is a row of the same key."""
    statement = _upsert(dialect, table)
    changes = {name: statement.excluded[name] for name in anew}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _upsert(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert into `table` that can say what happens on conflict; it is spelt alike by both databases."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _many(connection: Connection, statement: Executable, rows: Rows) -> None:
    if rows:
        connection.execute(statement, rows)


def _update_runs(**values: object) -> Update:
    return update(runs).where(runs.c.id == bindparam("run_id")).values(**values)


def _put_runs(connection: Connection, changes: Sequence[PutRun]) -> None:
    rows = [
        {
            "id": change.id,
            "visitor": change.visitor,
            "record": to_text(change.record),
            "playing": change.playing,
            "status": change.status,
            "step": change.step,
            "epoch": change.epoch,
            "created": change.touched,
            "touched": change.touched,
        }
        for change in changes
    ]
    if rows:
        anew = tuple(name for name in rows[0] if name not in _KEPT_BY_PUT)
        _many(connection, _put(connection.dialect.name, runs, anew), rows)


def _of_existing_runs(
    connection: Connection, changes: Sequence[Change], existing: set[str]
) -> list[PutJournal | PutCheckpoint | DropCheckpoint | PutHistory | PutThumbnail]:
    others = [change for change in changes if not isinstance(change, PutRun)]
    doubtful = {change.run_id for change in others} - existing
    if doubtful:
        existing = existing | set(connection.scalars(select(runs.c.id).where(runs.c.id.in_(doubtful))))
    return [change for change in others if change.run_id in existing]


def _put_journals(connection: Connection, changes: Iterable[PutJournal]) -> None:
    for change in changes:
        connection.execute(delete(journal).where(journal.c.run_id == change.run_id, journal.c.index >= change.keep))
        rows = [
            {"run_id": change.run_id, "index": index, "step": step, "change": to_text(entry)}
            for index, (step, entry) in enumerate(change.entries, start=change.keep)
        ]
        _many(connection, insert(journal), rows)


def _put_checkpoints(connection: Connection, changes: Iterable[PutCheckpoint | DropCheckpoint]) -> None:
    put = [change for change in changes if isinstance(change, PutCheckpoint)]
    dropped = [change.run_id for change in changes if isinstance(change, DropCheckpoint)]
    _many(
        connection,
        _put(connection.dialect.name, checkpoints, ("step", "state")),
        [{"run_id": change.run_id, "step": change.step, "state": change.state} for change in put],
    )
    if dropped:
        connection.execute(delete(checkpoints).where(checkpoints.c.run_id.in_(dropped)))
    sizes = [{"run_id": change.run_id, "size": len(change.state)} for change in put]
    sizes += [{"run_id": run_id, "size": 0} for run_id in dropped]
    _many(connection, _update_runs(checkpoint_bytes=bindparam("size", type_=BigInteger)), sizes)


def _put_history(connection: Connection, changes: Iterable[PutHistory]) -> None:
    forgotten: set[str] = set()
    chunks: list[PutHistory] = []
    for change in changes:
        if change.anew:
            forgotten.add(change.run_id)
            chunks = [chunk for chunk in chunks if chunk.run_id != change.run_id]
        chunks.append(change)
    if forgotten:
        connection.execute(delete(history).where(history.c.run_id.in_(forgotten)))
        connection.execute(update(runs).where(runs.c.id.in_(forgotten)).values(history_bytes=0))
    rows = [{"run_id": chunk.run_id, "origin": chunk.origin, "rows": chunk.rows} for chunk in chunks]
    _many(connection, insert(history), rows)
    sizes = [{"run_id": chunk.run_id, "size": len(chunk.rows)} for chunk in chunks]
    _many(connection, _update_runs(history_bytes=runs.c.history_bytes + bindparam("size", type_=BigInteger)), sizes)
