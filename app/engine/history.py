"""The bounded record of a run: metrics at epoch ends, on a stride that doubles while older rows thin.

What it holds depends on Experiment and journal alone, not on slicing or watching.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from app.engine.program import HISTORY_ROWS
from app.families.base import AnyFamily, Setup
from app.schemas.run import PARTS

Row = tuple[Any, ...]


def stride(epoch: int) -> int:
    """Rows are kept at multiples of this many epochs once `epoch` is reached."""
    return 1 << (max(0, epoch - 1) // HISTORY_ROWS).bit_length()


def columns(family: AnyFamily, setup: Setup) -> tuple[str, ...]:
    """`step`, `epoch`, `revision`, then each metric of each part, as `train_loss`."""
    names = family.metric_names(setup.problem)
    return ("step", "epoch", "revision", *(f"{part}_{name}" for name in names for part in PARTS))


@dataclass
class History:
    """Rows in order of their steps; the first three columns are step, epoch and revision."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list[Row])

    def add(self, row: Row) -> None:
        """Appends a row, and thins the older ones where the stride has grown."""
        step = stride(row[1])
        if self.rows and stride(self.rows[-1][1]) < step:
            self.rows = [kept for kept in self.rows if kept[1] % step == 0]
        self.rows.append(row)

    def after(self, step: int) -> list[Row]:
        """The rows with a larger step (-1 for all)."""
        rows = self.rows  # another thread may be adding
        return rows[bisect_right(rows, step, key=lambda row: row[0]) :]
