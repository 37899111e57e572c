"""The table of compared runs: what differs between them, and how they do. The page and the REST interface share it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from pydantic import JsonValue

from app.errors import InvalidInput
from app.schemas.comparison import check_size
from app.schemas.run import PARTS, RunDocument
from app.web.access import readable
from app.web.compare.differences import Difference, differences, names_of, seeds_alone
from app.web.compare.metrics import flat
from app.web.lab.titles import title_of
from app.web.state import State


@dataclass(frozen=True)
class Table:
    """Runs that can be compared, in the order of their address."""

    runs: tuple[RunDocument, ...]
    names: tuple[str, ...]
    """What each is called: by its owner, by what differs, or by its Experiment."""
    own: tuple[bool, ...]
    """Whether it is the caller's, or shared with the caller."""
    differences: tuple[Difference, ...]

    @property
    def seeds_alone(self) -> bool:
        """Whether they are one Experiment with several seeds."""
        return seeds_alone(self.differences)

    @property
    def metrics(self) -> tuple[str, ...]:
        """`train_loss`, `test_accuracy` and so on: of each part that some run has, each metric that it knows."""
        known = dict.fromkeys(name for run in self.runs for name in flat(run.metrics))
        return tuple(name for part in PARTS for name in known if name.startswith(f"{part}_"))

    @property
    def columns(self) -> tuple[str, ...]:
        """What `rows` hold."""
        paths = (column.path for column in self.differences)
        return ("run", "name", *paths, "status", "step", "epoch", *self.metrics)

    def rows(self) -> list[list[JsonValue]]:
        """One for each run; None where it has no such field or number."""
        return [
            [
                run.id,
                name,
                *(column.values[index] for column in self.differences),
                run.status,
                run.step,
                run.epoch,
                *(metric_of(run, metric) for metric in self.metrics),
            ]
            for index, (run, name) in enumerate(zip(self.runs, self.names, strict=True))
        ]


async def table_of(parts: State, caller: str, runs: str) -> Table:
    """The table of runs that are named by their ids, separated by commas.

    Raises NotFound for a run that the caller may not look at, InvalidInput where there are too many, or none.
    """
    run_ids = tuple(dict.fromkeys(run_id for run_id in runs.split(",") if run_id))
    if not run_ids:
        raise InvalidInput.at("runs", "name at least one run")
    check_size(len(run_ids), seeds_alone=True)
    for run_id in run_ids:
        await readable(run_id, parts, caller)
    documents = [await parts.result(parts.service.run(run_id)) for run_id in run_ids]
    table = await run_in_threadpool(_table, parts, caller, documents)
    check_size(len(run_ids), seeds_alone=table.seeds_alone)
    return table


def metric_of(run: RunDocument, metric: str) -> float | None:
    """A metric such as `train_loss`, for the state at the run's step."""
    return flat(run.metrics).get(metric)


def _table(parts: State, caller: str, runs: Sequence[RunDocument]) -> Table:
    rows = [parts.store.run(run.id) for run in runs]
    own = tuple(row is None or row.visitor == caller for row in rows)
    called = [row.name if row and mine else "" for row, mine in zip(rows, own, strict=True)]
    names = (
        name or told or title_of(run.experiment) for name, told, run in zip(called, names_of(runs), runs, strict=True)
    )
    return Table(tuple(runs), tuple(names), own, differences(runs))
