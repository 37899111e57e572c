"""Comparisons: several runs made in one call, and the table of what differs between runs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.schemas.comparison import Comparison
from app.schemas.document import parse
from app.web.access import Caller, Visitor
from app.web.api.describe import Example, body, created, problems
from app.web.api.documents import ComparedRuns, ComparisonTable
from app.web.api.replies import compared_runs
from app.web.api.tables import TableForm, table_reply, table_response
from app.web.body import read_json
from app.web.compare.beginning import begin
from app.web.compare.table import table_of
from app.web.state import Parts

router = APIRouter(prefix="/comparisons", tags=["runs"])

COMPARISONS = (
    Example("seeds", "The same with four seeds", {"vary": {"seed": [1, 2, 3, 4]}}),
    Example(
        "optimisers",
        "An optimiser race on the spiral",
        {"experiment": {"data": {"kind": "spiral"}}, "vary": {"training.optimizer.kind": ["sgd", "momentum", "adam"]}},
    ),
    Example("layers", "Arrays are given whole", {"vary": {"network.layers": [[{"units": 2}], [{"units": 8}]]}}),
)


@router.post(
    "",
    status_code=201,
    summary="Make runs to compare",
    openapi_extra=body(Comparison, COMPARISONS),
    responses=created(ComparedRuns, "The runs; the address of their table is in the header Location.")
    | problems(400, 404, 413, 415, 422, 429),
)
async def create_comparison(
    request: Request,
    parts: Parts,
    visitor: Visitor,
    *,
    play: Annotated[bool, Query(description="Whether they start to train at once, together.")] = False,
) -> Response:
    """Takes an Experiment and the one field in which its runs differ; makes a run for each value, all or none.

    Each is called by its value. At most 8 runs can be compared, or 16 that differ in their seeds alone. One event
    stream (`/events?runs=…`) watches them all.
    """
    comparison = parse(Comparison, await read_json(request, parts.limit))
    runs = await run_in_threadpool(begin, parts, visitor, comparison.experiments(), play=play)
    return compared_runs(request, runs)


@router.get(
    "",
    summary="Compare runs",
    responses=table_reply(ComparisonTable, "The table, as JSON or (by Accept) as CSV.") | problems(404, 406, 422),
)
async def read_comparison(
    request: Request,
    parts: Parts,
    caller: Caller,
    runs: Annotated[str, Query(description="Ids of runs, separated by commas.")],
    form: TableForm = None,
) -> Response:
    """One row for each run: what differs between them, and how each does. JSON, or CSV with `Accept: text/csv`."""
    table = await table_of(parts, caller, runs)
    columns, rows = table.columns, table.rows()
    return table_response(request, form, {"columns": columns, "rows": rows}, columns, rows)
