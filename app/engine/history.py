"""The bounded record of a run: metrics at epoch ends, on a stride that doubles while older rows thin.

What it holds depends on Experiment and journal alone, not on slicing or watching.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from app.engine.loop import HISTORY_ROWS
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

    def after(self, step: int, revision: int | None = None) -> list[Row]:
        """The rows with a larger step (-1 for all), or of a later revision where one is given.

        After a crash a run is a moment younger than what was told of it; a change may then be made before it is back
        there, and its rows are new though their steps are not.
        """
        rows = self.rows  # another thread may be adding
        later = bisect_right(rows, step, key=lambda row: row[0])
        if revision is not None:
            later = min(later, bisect_right(rows, revision, key=lambda row: row[2]))
        return rows[later:]

    def to_bytes(self, step: int = -1) -> bytes:
        """The rows after `step` in float64, NaN for None; bytes of several calls may be joined."""
        return np.array(self.after(step), np.float64).tobytes()

    def load(self, content: bytes) -> None:
        """Adds rows from `to_bytes`. Raises ValueError where they are none, or not in order."""
        rows = np.frombuffer(content, np.float64).reshape(-1, len(self.columns))
        if not np.isfinite(rows[:, :3]).all() or (np.diff(rows[:, 0]) <= 0).any() or (rows[:, :3] < 0).any():
            raise ValueError("the rows are not in order")
        for row in rows.tolist():
            self.add((*map(int, row[:3]), *(value if isfinite(value) else None for value in row[3:])))


def rounded(values: np.ndarray) -> np.ndarray:
    """Eight significant digits: more than single precision holds, and half the bytes on the wire."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (7 - np.floor(np.log10(np.abs(values))))
        rounded = np.rint(values * scale) / scale
    return np.where(np.isfinite(rounded), rounded, values)
