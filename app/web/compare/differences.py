"""In what runs differ, as the columns of a table, and what each is called for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from pydantic_core import to_json

from app.schemas.comparison import SEEDS
from app.schemas.experiment import union_member
from app.schemas.run import RunDocument
from app.web.lab.controls import text_of
from app.web.lab.labels import label

_NAMED = 2
"""A run is called by its differences where there are no more of them."""


@dataclass(frozen=True)
class Difference:
    """A field in which runs differ."""

    path: str
    title: str
    values: tuple[JsonValue, ...]
    """Of each run; None where it has no such field."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as people read them."""
        return tuple(_text(self.path, value) for value in self.values)

    def names(self) -> tuple[str, ...]:
        """What the value alone calls each run: `Adam`, `Seed 3`."""
        return tuple(text if text[:1].isalpha() else f"{self.title} {text}" for text in self.texts)


def differences(runs: Sequence[RunDocument]) -> tuple[Difference, ...]:
    """Every field that is given in some of the runs, and does not read the same in all."""
    given = dict.fromkeys(path for run in runs for path, _ in _leaves(run.experiment.given()))
    resolved = [dict(_leaves(run.resolved.document())) for run in runs]
    columns = (Difference(path, title_of(path), tuple(fields.get(path) for fields in resolved)) for path in given)
    return tuple(column for column in columns if len({to_json(value) for value in column.values}) > 1)


def names_of(runs: Sequence[RunDocument]) -> tuple[str, ...]:
    """What their differences call the runs; nothing where there are none, or too many to be a name."""
    columns = differences(runs)
    if not 0 < len(columns) <= _NAMED:
        return ("",) * len(runs)
    return tuple(" · ".join(names) for names in zip(*(column.names() for column in columns), strict=True))


def seeds_alone(columns: Sequence[Difference]) -> bool:
    """Whether the runs are one Experiment with several seeds."""
    return bool(columns) and all(column.path in SEEDS for column in columns)


def title_of(path: str) -> str:
    """A field in words: `network.layers.0.activation` is “Layer 1 activation”, `data.seed` “Data seed”."""
    if path == "data.seed":
        return "Data seed"
    steps = path.removesuffix(".kind").split(".")
    layer = next((int(step) + 1 for step in steps if step.isdigit()), None)
    words = label(steps[-1])
    return words if layer is None else f"Layer {layer} {words.lower()}"


def _leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Every field of a document with its path; the objects of a list have their places for names."""
    items = value
    if isinstance(value, list) and value and isinstance(value[0], dict):
        items = {str(index): item for index, item in enumerate(value)}
    if not isinstance(items, dict) or not items:
        yield path, value
        return
    for key, item in items.items():
        yield from _leaves(item, f"{path}.{key}" if path else key)


def _text(path: str, value: JsonValue) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(label(item) for item in value if isinstance(item, str)) or f"{len(value)} values"
    if isinstance(value, str):
        member = union_member(path.removesuffix(".kind"), value) if path.endswith("kind") else None
        return str(getattr(member, "title", "")) or label(value)
    return text_of(value)
