"""Runs: what they are, what was done to them, where they stand, and what somebody calls them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Row, delete, func, select, update

from app.storage.database import Database
from app.storage.records import Change, RunRow
from app.storage.tables import checkpoints, history, journal, runs
from app.storage.writing import apply, to_text


class Runs(Database):
    """The part of the store that holds runs."""

    def write(self, changes: Sequence[Change]) -> None:
        """Makes all of the changes or none. What is said of a run that has been purged meanwhile is ignored."""
        with self._write() as connection:
            apply(connection, changes)

    def run(self, run_id: str) -> RunRow | None:
        """A run, be it in the bin or not."""
        with self._read() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        return None if row is None else _run_row(row)

    def runs(self, visitor: str, *, binned: bool = False) -> list[RunRow]:
        """A visitor's runs, those touched last first: those in the bin, or all others."""
        query = (
            select(runs)
            .where(runs.c.visitor == visitor, runs.c.deleted.is_not(None) if binned else runs.c.deleted.is_(None))
            .order_by(runs.c.touched.desc(), runs.c.id)
        )
        with self._read() as connection:
            return [_run_row(row) for row in connection.execute(query)]

    def playing(self) -> list[str]:
        """The runs that train, or would if they had their turn."""
        return self._scalars(select(runs.c.id).where(runs.c.playing, runs.c.deleted.is_(None)).order_by(runs.c.id))

    def resting(self, most: int) -> list[str]:
        """Runs that neither train nor are named, described or shared, those left longest first."""
        plain = (runs.c.name == "", runs.c.notes == "", runs.c.tags == to_text([]), runs.c.share.is_(None))
        resting = (runs.c.deleted.is_(None), runs.c.playing.is_(False), *plain)
        return self._scalars(select(runs.c.id).where(*resting).order_by(runs.c.touched, runs.c.id).limit(most))

    def count(self, visitor: str | None = None) -> int:
        """How many runs there are, or a visitor has, outside the bin."""
        query = select(func.count()).select_from(runs).where(runs.c.deleted.is_(None))
        (count,) = self._scalars(query if visitor is None else query.where(runs.c.visitor == visitor))
        return count

    def journal(self, run_id: str) -> list[tuple[int, dict[str, JsonValue]]]:
        """What was done to a run, and at which step."""
        query = select(journal.c.step, journal.c.change).where(journal.c.run_id == run_id).order_by(journal.c.index)
        with self._read() as connection:
            return [(step, json.loads(change)) for step, change in connection.execute(query)]

    def checkpoint(self, run_id: str) -> bytes | None:
        """The last state of a run that was written."""
        return self._scalar(select(checkpoints.c.state).where(checkpoints.c.run_id == run_id))

    def history(self, run_id: str) -> list[bytes]:
        """The curve of a run, in the pieces in which it was written."""
        return self._scalars(select(history.c.rows).where(history.c.run_id == run_id).order_by(history.c.id))

    def label(
        self, run_id: str, *, name: str | None = None, notes: str | None = None, tags: Sequence[str] | None = None
    ) -> None:
        """Sets what is given of what somebody calls a run."""
        given = {"name": name, "notes": notes, "tags": None if tags is None else to_text(tags)}
        values = {key: value for key, value in given.items() if value is not None}
        if values:
            self._update_runs([run_id], **values)

    def bin(self, run_ids: Sequence[str]) -> None:
        """Puts runs into the bin, where they do not train and their links lead nowhere."""
        self._update_runs(run_ids, runs.c.deleted.is_(None), deleted=datetime.now(UTC), playing=False)

    def unbin(self, run_ids: Sequence[str]) -> None:
        """Takes runs back out of the bin."""
        self._update_runs(run_ids, deleted=None)

    def purge(self, run_ids: Sequence[str]) -> None:
        """Removes runs with all that belongs to them."""
        with self._write() as connection:
            connection.execute(delete(runs).where(runs.c.id.in_(run_ids)))

    def purge_binned(self, before: datetime) -> int:
        """Removes the runs that were put into the bin before a time. Returns how many."""
        with self._write() as connection:
            return connection.execute(delete(runs).where(runs.c.deleted < before)).rowcount

    def trim_bin(self, most: int) -> int:
        """Of each visitor who has more than so many in the bin, removes those put there first. Returns how many."""
        place = func.row_number().over(partition_by=runs.c.visitor, order_by=(runs.c.deleted.desc(), runs.c.id))
        binned = select(runs.c.id, place.label("place")).where(runs.c.deleted.is_not(None)).subquery()
        beyond = select(binned.c.id).where(binned.c.place > most)
        with self._write() as connection:
            return connection.execute(delete(runs).where(runs.c.id.in_(beyond))).rowcount

    def _update_runs(self, run_ids: Sequence[str], *conditions: ColumnElement[bool], **values: object) -> None:
        with self._write() as connection:
            connection.execute(update(runs).where(runs.c.id.in_(run_ids), *conditions).values(**values))


def _run_row(row: Row[Any]) -> RunRow:
    return RunRow(
        id=row.id,
        visitor=row.visitor,
        record=json.loads(row.record),
        playing=row.playing,
        status=row.status,
        step=row.step,
        epoch=row.epoch,
        created=row.created,
        touched=row.touched,
        name=row.name,
        notes=row.notes,
        tags=tuple(json.loads(row.tags)),
        share=row.share,
        deleted=row.deleted,
        bytes=len(row.record) + row.checkpoint_bytes + row.history_bytes,  # a record is ASCII
        thumbnail=row.thumbnail,
    )
