"""What the page of compared runs is given."""

from dataclasses import dataclass
from urllib.parse import quote

from app.web.compare.metrics import metric_titles
from app.web.compare.table import Table, metric_of
from app.web.lab.controls import text_of
from app.web.lab.pictures import KindPicture
from app.web.lab.rendering import js_modules


@dataclass(frozen=True)
class ComparedRun:
    """One run."""

    id: str
    name: str
    own: bool
    values: tuple[str, ...]
    """Of what differs, as people read them."""
    status: str
    epoch: int
    metrics: tuple[tuple[str, str], ...]
    """Of each column of metrics its name, such as `train_loss`, and the exact number, if there is one yet."""
    without: str
    """Where the others are shown."""


@dataclass(frozen=True)
class ComparePage:
    """The page; empty where it was opened without runs."""

    runs: tuple[ComparedRun, ...] = ()
    titles: tuple[str, ...] = ()
    """Of the columns of the table: what differs, and how they do."""
    seeds_alone: bool = False
    """Whether they are one Experiment with several seeds, which mean and spread sum up."""
    csv: str = ""
    """Where the table can be downloaded."""
    pictures: tuple[KindPicture, ...] = ()
    """None: the page shows no kinds of data."""
    modules: tuple[str, ...] = js_modules("compare.js")


def page_of(table: Table) -> ComparePage:
    """The page of these runs."""
    metrics = metric_titles(table.metrics)
    ids = [run.id for run in table.runs]
    runs = tuple(
        ComparedRun(
            id=run.id,
            name=name,
            own=own,
            values=tuple(column.texts[index] for column in table.differences),
            status=run.status,
            epoch=run.epoch,
            metrics=tuple((metric, text_of(metric_of(run, metric))) for metric in metrics),
            without=_address([other for other in ids if other != run.id]),
        )
        for index, (run, name, own) in enumerate(zip(table.runs, table.names, table.own, strict=True))
    )
    return ComparePage(
        runs=runs,
        titles=("Run", *(column.title for column in table.differences), "Status", "Epoch", *metrics.values()),
        seeds_alone=table.seeds_alone,
        csv=f"/api/v1/comparisons?runs={quote(','.join(ids))}&format=csv",
    )


def _address(run_ids: list[str]) -> str:
    return f"/compare?runs={','.join(run_ids)}" if run_ids else "/compare"
