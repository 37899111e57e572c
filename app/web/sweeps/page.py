"""What the page of one sweep is given, and the list of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from pydantic_core import to_json

from app.schemas.comparison import MOST_RUNS
from app.schemas.sweep import HIGHER_IS_BETTER, Range, SweepDocument
from app.web.compare.differences import title_of
from app.web.compare.metrics import flat, metric_title, metric_titles
from app.web.lab.pictures import KindPicture
from app.web.lab.rendering import js_modules
from app.web.lab.titles import title_of as name_of
from app.web.sweeps.words import STATUSES, metric_of, plan, reached, spaces, title, value_texts, varied


@dataclass(frozen=True)
class TrialRow:
    """One trial; how it does is what the page asks for itself."""

    index: int
    values: tuple[tuple[str, str], ...]
    """Of each field that has several: the text, and the number where it is one, to be sorted by."""


@dataclass(frozen=True)
class SweepPage:
    """The page of one sweep."""

    id: str
    title: str
    name: str
    """What is trained."""
    spaces: tuple[tuple[str, str], ...]
    plan: str
    total: int
    titles: tuple[str, ...]
    """Of the columns of the table: what differs, and how the trials do."""
    metrics: tuple[str, ...]
    """The columns of metrics (`test_loss`), the objective first."""
    ordered: str
    """The title of the column by which the table is sorted at first: the objective."""
    order: Literal["ascending", "descending"]
    """So that the best is the first."""
    rows: tuple[TrialRow, ...]
    axes: str
    """What the plot has axes for, as JSON (static/js/charts/parallel.js), the objective last."""
    narrows: bool
    """Whether there are ranges to be searched more closely."""
    most: int
    """How many can be compared."""
    pictures: tuple[KindPicture, ...] = ()
    modules: tuple[str, ...] = js_modules("sweep.js")


@dataclass(frozen=True)
class ListedSweep:
    """One of the list."""

    id: str
    title: str
    name: str
    created: datetime
    status: str
    words: str
    """How it stands, and the best so far."""


@dataclass(frozen=True)
class SweepsPage:
    """All of a visitor's sweeps."""

    sweeps: tuple[ListedSweep, ...]
    pictures: tuple[KindPicture, ...] = ()
    modules: tuple[str, ...] = js_modules("sweeps.js")


@dataclass(frozen=True)
class SweepProblem:
    """Why a sweep was not begun."""

    mistakes: tuple[str, ...]


def page_of(document: SweepDocument) -> SweepPage:
    """The page of this sweep."""
    sweep = document.sweep
    paths = varied(sweep)
    wanted = metric_of(sweep.objective)
    metrics = {wanted: metric_title(wanted), **metric_titles(_known(document))}
    columns = {path: tuple(trial.values[path] for trial in document.trials) for path in paths}
    texts = {path: value_texts(path, values) for path, values in columns.items()}
    return SweepPage(
        id=document.id,
        title=title(sweep),
        name=name_of(sweep.experiment),
        spaces=spaces(sweep),
        plan=plan(sweep),
        total=document.total,
        titles=("Trial", *map(title_of, paths), "Status", *metrics.values()),
        metrics=tuple(metrics),
        ordered=metrics[wanted],
        order="descending" if sweep.objective.metric in HIGHER_IS_BETTER else "ascending",
        rows=tuple(
            TrialRow(trial.index, tuple((texts[path][place], _key(columns[path][place])) for path in paths))
            for place, trial in enumerate(document.trials)
        ),
        axes=to_json([*(_axis(document, path, columns[path]) for path in paths), _objective_axis(document)]).decode(),
        narrows=any(isinstance(values, Range) for values in sweep.space.values()),
        most=MOST_RUNS,
    )


def list_of(documents: list[SweepDocument]) -> SweepsPage:
    """The list of these sweeps."""
    return SweepsPage(tuple(_listed(document) for document in documents))


def _listed(document: SweepDocument) -> ListedSweep:
    value = reached(document)
    wanted = document.sweep.objective
    told = [f"{STATUSES[document.status]}, {document.done} of {document.total} trials"]
    if value is not None:
        number = f"{value * 100:.1f} %" if wanted.metric == "accuracy" else f"{value:.4g}"
        told.append(f"best {metric_title(metric_of(wanted)).lower()} {number}")
    return ListedSweep(
        id=document.id,
        title=title(document.sweep),
        name=name_of(document.sweep.experiment),
        created=document.created,
        status=document.status,
        words=" · ".join(told),
    )


def _known(document: SweepDocument) -> set[str]:
    """The metrics that some trial has; before one has ended, those that its data lets expect."""
    if known := {name for trial in document.trials for name in flat(trial.metrics)}:
        return known
    data = document.sweep.experiment.data
    parts = ("train", "validation", "test") if data.validation_fraction else ("train", "test")
    names = ("loss",) if data.poses == "regression" else ("loss", "accuracy")
    return {f"{part}_{name}" for part in parts for name in names}


def _key(value: JsonValue) -> str:
    return repr(value) if isinstance(value, int | float) else ""


def _axis(document: SweepDocument, path: str, values: tuple[JsonValue, ...]) -> dict[str, JsonValue]:
    """Numbers from low to high, or categories by name in the order in which they are tried."""
    space = document.sweep.space[path]
    axis: dict[str, JsonValue] = {"path": path, "title": title_of(path)}
    if isinstance(space, Range):
        return {**axis, "values": list(values), "low": space.low, "high": space.high, "log": space.scale == "log"}
    names = value_texts(path, space)
    return {**axis, "values": [space.index(value) for value in values], "names": list(names)}


def _objective_axis(document: SweepDocument) -> dict[str, JsonValue]:
    wanted = metric_of(document.sweep.objective)
    return {"path": wanted, "title": metric_title(wanted)}
