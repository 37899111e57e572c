"""Sweeps: one Experiment trained with many values of chosen fields, in the background; and runs of the best."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import JsonValue
from starlette.responses import Response

from app.schemas.document import parse
from app.schemas.sweep import Sweep, SweepDocument
from app.web.access import Caller, Visitor
from app.web.api.describe import Example, body, created, problems, reply
from app.web.api.documents import ComparedRuns, SweepCommand, SweepList, SweepRuns
from app.web.api.replies import compared_runs, json_response, sweep_body
from app.web.api.tables import TableForm, table_reply, table_response
from app.web.body import read_json
from app.web.compare.beginning import begin_trials
from app.web.compare.metrics import flat
from app.web.state import Parts

router = APIRouter(prefix="/sweeps", tags=["sweeps"])

SWEEPS = (
    Example(
        "learning_rate",
        "Learning rates and activations, every combination",
        {
            "experiment": {"data": {"kind": "spiral"}},
            "space": {
                "training.optimizer.learning_rate": {"low": 0.001, "high": 1, "scale": "log", "points": 4},
                "network.layers.0.activation": ["tanh", "relu"],
            },
            "epochs": 50,
        },
    ),
    Example(
        "random",
        "Twelve combinations, drawn at random",
        {
            "space": {
                "training.optimizer.learning_rate": {"low": 0.001, "high": 1, "scale": "log"},
                "training.optimizer.kind": ["sgd", "adam", "rmsprop"],
                "network.layers.0.units": {"low": 2, "high": 8, "whole": True},
            },
            "search": {"kind": "random", "trials": 12},
            "epochs": 20,
            "objective": {"part": "test", "metric": "accuracy"},
        },
    ),
)
STOP = (Example("stop", "End it where it stands", {"type": "stop"}),)
RUNS = (Example("some", "Some trials, to be compared", {"trials": [0, 1]}),)

SweepId = Annotated[str, Path(description="The sweep's id.")]


@router.post(
    "",
    status_code=201,
    summary="Begin a sweep",
    openapi_extra=body(Sweep, SWEEPS),
    responses=created(SweepDocument, "The sweep; its address is in the header Location.")
    | problems(400, 404, 413, 415, 422, 429),
)
async def create_sweep(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """Takes an Experiment and a `space`: paths of fields, and of each a list of values or a range. All combinations
    are trials, or random ones; at most 200. Each is trained to exactly `epochs` in the background, one after another,
    beside whatever else the server does.

    A path may lead into a layer, as `network.layers.0.units`. A trial that cannot be trained refuses the sweep.
    """
    sweep = parse(Sweep, await read_json(request, parts.limit))
    told = sweep_body(request, await run_in_threadpool(parts.service.sweeps.start, sweep, visitor))
    return json_response(told, HTTPStatus.CREATED, {"Location": told["links"]["self"]})


@router.get("", summary="List the sweeps", responses=reply(SweepList, "Sweeps of the caller."))
async def list_sweeps(request: Request, parts: Parts, caller: Caller) -> Response:
    """The caller's sweeps, the newest first. The `trials` of each are none but the best; ask for one to have all.

    At most 50 are kept: where there are as many, the oldest that has ended goes when another begins.
    """
    listed = await run_in_threadpool(parts.service.sweeps.list, caller)
    return json_response({"sweeps": [sweep_body(request, sweep) for sweep in listed]})


@router.get(
    "/{sweep_id}",
    summary="Look at a sweep",
    responses=table_reply(SweepDocument, "The sweep, as JSON or (by Accept) its trials as CSV.")
    | problems(404, 406, 422),
)
async def read_sweep(
    request: Request,
    sweep_id: SweepId,
    parts: Parts,
    caller: Caller,
    form: TableForm = None,
) -> Response:
    """The sweep as it stands: every trial with its values, its status and, once it has ended, exact metrics.

    As CSV with `Accept: text/csv`: a row for each trial, with its index, its values, `status`, `epoch` and each metric
    of each part, such as `train_loss`.
    """
    sweep = await run_in_threadpool(parts.service.sweeps.get, sweep_id, caller)
    return table_response(request, form, sweep_body(request, sweep), *_table(sweep))


@router.post(
    "/{sweep_id}/commands",
    summary="Stop a sweep",
    openapi_extra=body(SweepCommand, STOP),
    responses=reply(SweepDocument, "The sweep, stopped.") | problems(400, 404, 413, 415, 422),
)
async def command_sweep(request: Request, sweep_id: SweepId, parts: Parts, caller: Caller) -> Response:
    """`stop` ends it where it stands: what its trials have come to stays. One that has ended stays as it is."""
    parse(SweepCommand, await read_json(request, parts.limit))
    sweep = await run_in_threadpool(parts.service.sweeps.stop, sweep_id, caller)
    return json_response(sweep_body(request, sweep))


@router.post(
    "/{sweep_id}/runs",
    status_code=201,
    summary="Make runs of a sweep's trials",
    openapi_extra=body(SweepRuns, RUNS),
    responses=created(ComparedRuns, "The runs; the address of their table is in the header Location.")
    | problems(400, 404, 409, 413, 415, 422, 429),
)
async def create_runs_of_sweep(request: Request, sweep_id: SweepId, parts: Parts, visitor: Visitor) -> Response:
    """Makes a run of the best trial so far, or of each of some, all or none. They play to the epoch that trials are
    trained to, and come to the same numbers, bit for bit. Each is called by its values.
    """
    wanted = parse(SweepRuns, await read_json(request, parts.limit))
    runs = await run_in_threadpool(begin_trials, parts, visitor, sweep_id, wanted.trials)
    return compared_runs(request, runs)


@router.delete("/{sweep_id}", status_code=204, summary="Delete a sweep", responses=problems(404))
async def delete_sweep(sweep_id: SweepId, parts: Parts, caller: Caller) -> Response:
    """Stops it and forgets it. Runs that were made of its trials stay."""
    await run_in_threadpool(parts.service.sweeps.delete, sweep_id, caller)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _table(sweep: SweepDocument) -> tuple[list[str], Iterable[list[JsonValue]]]:
    """Columns and rows."""
    paths, told = tuple(sweep.sweep.space), [flat(trial.metrics) for trial in sweep.trials]
    metrics = dict.fromkeys(name for numbers in told for name in numbers)
    rows = (
        [
            trial.index,
            *(_cell(trial.values[path]) for path in paths),
            trial.status,
            trial.epoch,
            *(numbers.get(name) for name in metrics),
        ]
        for trial, numbers in zip(sweep.trials, told, strict=True)
    )
    return ["trial", *paths, "status", "epoch", *metrics], rows


def _cell(value: JsonValue) -> JsonValue:
    """Lists and objects as JSON."""
    return json.dumps(value) if isinstance(value, list | dict) else value
