"""Tables on the terminal and in docs/benchmarks.md, with the machine and the versions that they hold for."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RECORD = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_PACKAGES = ("jax", "numpy", "scikit-learn", "fastapi", "uvicorn")


@dataclass
class Table:
    """A heading, columns, and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    def add(self, *cells: str) -> None:
        """Appends a row."""
        self.rows.append(cells)

    def markdown(self) -> str:
        """As Markdown."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return f"## {self.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def record(tables: Iterable[Table]) -> str:
    """Writes these tables into the record, where sections of other names stay, and returns its text."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    head = (
        "# Benchmarks\n\n"
        "What `make bench` printed. Speed is shown by ratios within one run: machines differ and are noisy. The\n"
        "reference's engine (TensorFlow Playground's) is 1 / 0.22 and 1 / 2.9 times NumPy by hand on the two\n"
        "networks.\n\n"
        f"- {when_and_where()}\n"
        f"- Python {platform.python_version()}, {versions}\n"
    )
    own = {table.title: table.markdown() for table in tables}
    others = {title: text for title, text in _sections().items() if title not in own}
    text = "\n".join([head, *own.values(), *others.values()])
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(text)
    return text


def record_section(table: Table) -> None:
    """Writes one table into the record: in the place of the section of its name, else at the end."""
    head = RECORD.read_text().split("\n## ")[0]
    sections = {**_sections(), table.title: table.markdown()}
    RECORD.write_text("\n".join([head, *sections.values()]))


def when_and_where() -> str:
    """Today, the processor, and how many cores."""
    return f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores"


def _sections() -> dict[str, str]:
    """The record's sections by title."""
    _, *sections = RECORD.read_text().split("\n## ") if RECORD.exists() else [""]
    return {text.split("\n")[0]: f"## {text.rstrip()}\n" for text in sections}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
