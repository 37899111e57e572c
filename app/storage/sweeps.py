"""Sweeps: what was asked for, and how each trial did."""

import json
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, literal, select, update

from app.storage.database import Database
from app.storage.records import SweepRow
from app.storage.tables import sweeps
from app.storage.writing import to_text

_JSON = ("sweep", "trials", "best")
_FIXED = ("id", "visitor", "created", "sweep", "total")


class Sweeps(Database):
    """The part of the store that holds sweeps."""

    def add_sweep(self, row: SweepRow) -> None:
        """Keeps a new one."""
        with self._write() as connection:
            connection.execute(insert(sweeps), _values(row))

    def update_sweep(self, row: SweepRow) -> None:
        """Keeps how far it is, unless it has been deleted meanwhile."""
        values = {name: value for name, value in _values(row).items() if name not in _FIXED}
        with self._write() as connection:
            connection.execute(update(sweeps).where(sweeps.c.id == row.id).values(values))

    def sweep(self, sweep_id: str) -> SweepRow | None:
        """A sweep with all its trials."""
        found = self._sweeps(select(sweeps).where(sweeps.c.id == sweep_id))
        return found[0] if found else None

    def sweeps(self, visitor: str) -> list[SweepRow]:
        """A visitor's sweeps without their trials, the newest first."""
        columns = (literal("[]").label("trials") if column is sweeps.c.trials else column for column in sweeps.c)
        mine = select(*columns).where(sweeps.c.visitor == visitor)
        return self._sweeps(mine.order_by(sweeps.c.created.desc(), sweeps.c.id))

    def sweeps_running(self) -> list[str]:
        """Those that are not done and were not stopped, the oldest first."""
        return self._scalars(select(sweeps.c.id).where(sweeps.c.status == "running").order_by(sweeps.c.created))

    def count_sweeps_running(self, visitor: str) -> int:
        """How many such a visitor has."""
        mine = (sweeps.c.visitor == visitor, sweeps.c.status == "running")
        return self._scalar(select(func.count()).select_from(sweeps).where(*mine)) or 0

    def delete_sweep(self, sweep_id: str) -> None:
        """Removes one."""
        with self._write() as connection:
            connection.execute(delete(sweeps).where(sweeps.c.id == sweep_id))

    def _sweeps(self, query: Select[Any]) -> list[SweepRow]:
        with self._read() as connection:
            return [_row(row) for row in connection.execute(query)]


def _values(row: SweepRow) -> dict[str, Any]:
    return {name: to_text(value) if name in _JSON else value for name, value in vars(row).items()}


def _row(row: Row[Any]) -> SweepRow:
    return SweepRow(
        id=row.id,
        visitor=row.visitor,
        created=row.created,
        status=row.status,
        sweep=json.loads(row.sweep),
        trials=json.loads(row.trials),
        best=json.loads(row.best),
        done=row.done,
        total=row.total,
    )
