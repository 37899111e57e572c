"""A table of points with labels, as somebody wrote or uploaded it, before anybody decides what the labels mean.

`parse_csv` reads what spreadsheets and programs write; what the labels are taken for is app.data.own's affair.
"""

import csv
import io
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from app.data.arrays import FloatArray
from app.errors import FieldError, InvalidInput
from app.schemas.data import MAX_CLASSES, MAX_SAMPLES, Task

# Squares and products of coordinates must stay within float32.
LARGEST = 1e12

_COLUMNS = 3
_LONGEST_LINE = 1_000
_LONGEST_NAME = 60
_MAX_PROBLEMS = 20
_SNIFFED_LINES = 20
_DELIMITERS = (",", ";", "\t", "|", " ")  # the space stands for any white space; the first wins where several would do
_BLANK = "".join(_DELIMITERS) + "\r\n"
# Each digit can be matched in one way only, so that a long line cannot make it backtrack.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = ("nan", "inf", "infinity")
_TASKS: Mapping[str, Task] = {"target": "regression", "label": "classification"}


@dataclass(frozen=True, eq=False)
class Table:
    """Points in the plane, each with a label."""

    points: FloatArray
    """(n, 2) finite coordinates."""
    labels: tuple[str, ...] | FloatArray
    """(n,) numbers where all of them are numbers, else text."""
    task: Task | None = None
    """What the header said about the labels, if it said anything."""
    columns: tuple[str, str, str] = ("x1", "x2", "label")
    """What the columns are called."""

    def to_json(self) -> str:
        """The one JSON text of this table: equal tables give equal text."""
        labels = list(self.labels) if isinstance(self.labels, tuple) else self.labels.tolist()
        document = {"columns": self.columns, "labels": labels, "points": self.points.tolist(), "task": self.task}
        return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The table that `to_json` wrote as `text`."""
        document: dict[str, Any] = json.loads(text)
        labels = document["labels"]
        return cls(
            points=np.array(document["points"], dtype=np.float64).reshape(-1, 2),
            labels=tuple(labels) if labels and isinstance(labels[0], str) else np.array(labels, dtype=np.float64),
            task=document["task"],
            columns=tuple(document["columns"]),
        )


def parse_csv(text: str) -> Table:
    """The table that `text` holds: `x,y,label` or `x,y,target` in each line, with or without a header.

    Columns are parted by commas, semicolons, tabs, bars or white space, whichever fits; where not by commas, a number
    may have a decimal comma. Blank lines and a byte order mark are skipped. A third column headed `target` holds
    values (regression), one headed `label` classes; columns that are called otherwise keep their names and say nothing.
    Raises InvalidInput with the line and column of each problem, the first 20 of them.
    """
    lines = _lines(text)
    delimiter = _sniff([line for _, line in lines[:_SNIFFED_LINES]])
    rows = _rows(lines, delimiter)
    columns, task = ("x1", "x2", "label"), None
    if rows and _is_header(rows[0], delimiter):
        header = rows.pop(0)
        _refuse(_faults([header], (0, 1, 2), _name_fault))
        columns = (header.cells[0], header.cells[1], header.cells[2])
        task = _TASKS.get(columns[2].lower())
    if len(rows) < 2:
        raise InvalidInput("The table needs at least two points, each in a line of its own: x, y and a label.")
    _refuse(FieldError(f"line {row.line}", f"at most {MAX_SAMPLES} points are taken") for row in rows[MAX_SAMPLES:])
    _refuse(_faults(rows, (0, 1), lambda cell: _number_fault(cell, delimiter)))
    points = [[_number(row.cells[0], delimiter), _number(row.cells[1], delimiter)] for row in rows]
    return Table(np.array(points, dtype=np.float64), _labels(rows, task, delimiter), task, columns)


@dataclass(frozen=True)
class _Row:
    """The three cells of a line that is not blank."""

    line: int
    cells: list[str]

    def fault(self, column: int, message: str) -> FieldError:
        return FieldError(f"line {self.line}, column {column + 1}", message)


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold more than delimiters, with their numbers, and not many more of them than may be used."""
    numbered = enumerate(io.StringIO(text.removeprefix("\ufeff"), newline=None), start=1)
    filled = ((number, line.rstrip("\n")) for number, line in numbered if line.strip(_BLANK))
    lines = list(itertools.islice(filled, MAX_SAMPLES + 2))  # a header, and one too many
    message = f"the line is longer than {_LONGEST_LINE} characters"
    _refuse(FieldError(f"line {number}", message) for number, line in lines if len(line) > _LONGEST_LINE)
    return lines


def _sniff(lines: list[str]) -> str:
    """The delimiter by which most lines have three columns, the first two of them numbers."""

    def fit(delimiter: str) -> tuple[int, int, int]:
        rows = [_cells(line, delimiter) or [] for line in lines]
        three = [row for row in rows if len(row) == _COLUMNS]
        numeric = [row for row in three if not math.isnan(_number(row[0], delimiter) + _number(row[1], delimiter))]
        return len(numeric), len(three), sum(len(row) for row in rows)

    return max(_DELIMITERS, key=fit)


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line, without the empty ones that spreadsheets append; None where quotes do not match."""
    if delimiter == " ":
        line = " ".join(line.split())
    try:
        row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
    cells = [cell.strip() for cell in row]
    while len(cells) > _COLUMNS and not cells[-1]:
        cells.pop()
    return cells


def _rows(lines: list[tuple[int, str]], delimiter: str) -> list[_Row]:
    """Lines as rows of three cells."""
    rows: list[_Row] = []
    faults: list[FieldError] = []
    for number, line in lines:
        cells = _cells(line, delimiter)
        if cells is None:
            faults.append(FieldError(f"line {number}", "the quotation marks do not match"))
        elif len(cells) != _COLUMNS:
            message = f"there must be three columns (x, y and a label), but there {_counted(len(cells))}"
            faults.append(FieldError(f"line {number}", message))
        else:
            rows.append(_Row(number, cells))
    _refuse(faults)
    return rows


def _counted(columns: int) -> str:
    return "is one" if columns == 1 else f"are {columns}"


def _is_header(row: _Row, delimiter: str) -> bool:
    return all(cell and not _is_number(cell, delimiter) for cell in row.cells[:2])


def _labels(rows: list[_Row], task: Task | None, delimiter: str) -> tuple[str, ...] | FloatArray:
    """The third column as numbers where it must or can be, else as text. Raises InvalidInput."""
    labels = [row.cells[2] for row in rows]
    named = [row for row in rows if not _is_number(row.cells[2], delimiter)]
    if task == "regression" or not named:
        _refuse(_faults(rows, (2,), lambda cell: _number_fault(cell, delimiter)))
        return np.array([_number(label, delimiter) for label in labels], dtype=np.float64)
    _refuse(_faults(rows, (2,), _name_fault))
    distinct = dict.fromkeys(labels)
    if len(distinct) > MAX_CLASSES:
        _refuse(_too_many_classes(rows, named, list(distinct)[MAX_CLASSES]))
    return tuple(labels)


def _too_many_classes(rows: list[_Row], named: list[_Row], ninth: str) -> Iterator[FieldError]:
    """Where most labels are numbers, the others are the problem; else the first class too many."""
    if 2 * len(named) < len(rows):
        yield from (row.fault(2, f"must be a number like the others, not {row.cells[2]!r}") for row in named)
    else:
        first = next(row for row in rows if row.cells[2] == ninth)
        yield first.fault(2, f"{ninth!r} is one class too many: at most {MAX_CLASSES} can be told apart")


def _is_number(cell: str, delimiter: str) -> bool:
    """Whether a number was meant, be it infinite or none (NaN)."""
    return cell.lstrip("+-").lower() in _NOT_FINITE or not math.isnan(_number(cell, delimiter))


def _number(cell: str, delimiter: str) -> float:
    """The number that a cell holds; NaN where it holds none."""
    if delimiter != ",":
        cell = cell.replace(",", ".")
    return float(cell) if _NUMBER.fullmatch(cell) else math.nan


def _number_fault(cell: str, delimiter: str) -> str:
    if not cell:
        return "a number is missing"
    if not _is_number(cell, delimiter):
        return f"must be a number, not {_shortened(cell)!r}"
    value = _number(cell, delimiter)
    if math.isnan(value):
        return f"must be a finite number, not {cell}"
    return "" if abs(value) <= LARGEST else f"must lie within ±{LARGEST:.0e}"


def _name_fault(cell: str) -> str:
    if not cell:
        return "a name is missing"
    if cell.lstrip("+-").lower() in _NOT_FINITE:
        return f"must be a finite number or a name, not {cell}"
    if len(cell) > _LONGEST_NAME:
        return f"must have at most {_LONGEST_NAME} characters"
    return "" if cell.isprintable() else "must not have control characters"


def _shortened(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_NAME else cell[:_LONGEST_NAME] + "…"


def _faults(rows: list[_Row], columns: tuple[int, ...], fault_of: Callable[[str], str]) -> Iterator[FieldError]:
    for row in rows:
        for column in columns:
            if message := fault_of(row.cells[column]):
                yield row.fault(column, message)


def _refuse(faults: Iterable[FieldError]) -> None:
    """Raises InvalidInput with the first of `faults`, if there are any."""
    errors = list(itertools.islice(faults, _MAX_PROBLEMS))
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InvalidInput(f"{errors[0].path}: {errors[0].message}{more}.", tuple(errors))
