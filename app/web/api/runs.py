"""Runs: make them, list them, change them, tell them what to do, delete them."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.schemas.command import Command, Point
from app.schemas.document import parse
from app.schemas.experiment import ExperimentDocument, PlaneExperiment, parse_experiment
from app.schemas.finding import Diagnosis
from app.schemas.run import Journal, PatchedRun, RunDocument
from app.web.access import Caller, OwnRun, ReadableRun, Visitor
from app.web.api.describe import Example, body, created, problems, reply
from app.web.api.documents import RunList
from app.web.api.replies import created_run, json_response, listed_body, run_body
from app.web.body import json_object, read_json
from app.web.run_list import fitting
from app.web.state import Parts

router = APIRouter(prefix="/runs", tags=["runs"])

Play = Annotated[bool, Query(description="Whether it starts to train at once.")]

EXPERIMENTS = (
    Example("default", "The default: a small network on the circle", {}),
    Example(
        "spiral",
        "The spiral, with a larger network and Adam",
        {
            "data": {"kind": "spiral", "features": ["x1", "x2", "sin(x1)", "sin(x2)"]},
            "network": {"layers": [{"units": 8, "activation": "tanh"}, {"units": 8, "activation": "tanh"}]},
            "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}},
        },
    ),
    Example(
        "iris",
        "Three species of iris, scaled, with early stopping",
        {
            "seed": 7,
            "data": {"kind": "iris", "scaling": "standard", "validation_fraction": 0.2},
            "network": {"layers": [{"units": 6, "activation": "relu"}]},
            "training": {"early_stopping": {"patience": 50}},
        },
    ),
    Example(
        "own_points",
        "Four points of one's own: exclusive or",
        {"data": {"kind": "points", "points": [[1, 1, 1], [-1, -1, 1], [1, -1, 0], [-1, 1, 0]]}},
    ),
)
PATCHES = (
    Example("learning_rate", "Change a number", {"training": {"optimizer": {"learning_rate": 0.1}}}),
    Example(
        "optimizer", "Change a kind: the rest of it takes its defaults", {"training": {"optimizer": {"kind": "adam"}}}
    ),
    Example("layers", "Arrays are replaced whole", {"network": {"layers": [{"units": 8, "activation": "relu"}]}}),
    Example("default", "null brings the default back", {"training": {"batch_size": None}}),
)
COMMANDS = (
    Example("play", "Train until 500 passes are done", {"type": "play", "until": {"epoch": 500}}),
    Example("pause", "Stop; nothing is lost", {"type": "pause"}),
    Example(
        "step",
        "Train for ten updates; the answer comes when they are done",
        {"type": "step", "unit": "batch", "count": 10},
    ),
    Example("speed", "Train at 30 passes a second", {"type": "speed", "epochs_per_second": 30}),
    Example("edit", "Set a weight", {"type": "edit", "layer": 0, "parameter": "weight", "index": [0, 0], "value": 0.5}),
    Example("rewind", "Back to an epoch that was passed", {"type": "rewind", "epoch": 0}),
    Example("reset", "Back to step 0, with the same initial weights", {"type": "reset"}),
)

POINTS = (
    Example("epoch", "From the end of an epoch", {"epoch": 0}),
    Example("step", "From an update", {"step": 0}),
)


@router.post(
    "",
    status_code=201,
    summary="Make a run",
    openapi_extra=body(ExperimentDocument, EXPERIMENTS, required=False),
    responses=created(RunDocument, "The run; its address is in the header Location.")
    | problems(400, 404, 413, 415, 422, 429),
)
async def create_run(request: Request, parts: Parts, visitor: Visitor, *, play: Play = False) -> Response:
    """Takes an Experiment; every field that is left out takes its default, so an empty body will do.

    The run is made at once. With `?play=true` it starts to train, as fast as the server can.
    """
    text = await read_json(request, parts.limit)
    experiment = parse_experiment(text) if text.strip() else PlaneExperiment()
    return created_run(request, await run_in_threadpool(parts.service.create, experiment, visitor=visitor, play=play))


@router.get("", summary="List the runs", responses=reply(RunList, "Runs of the caller.") | problems(422))
async def list_runs(
    request: Request,
    parts: Parts,
    caller: Caller,
    *,
    search: Annotated[str, Query(max_length=200, description="Words in name, notes, tags or title.")] = "",
    tag: Annotated[str, Query(max_length=50, description="A tag that they have.")] = "",
    binned: Annotated[bool, Query(description="Those in the bin instead of the others.")] = False,
    limit: Annotated[int | None, Query(ge=1, description="At most so many; all if not given.")] = None,
    offset: Annotated[int, Query(ge=0, description="Without the first so many.")] = 0,
) -> Response:
    """The caller's runs, those touched last first, each as it was last seen.

    What was deleted less than a day ago is in the bin and can be restored. A run that a page has made and nobody has
    touched yet is in no list.
    """

    def bodies() -> list[dict[str, Any]]:
        found = fitting(parts.service.collection.listed(caller, binned=binned), search, tag)
        return [listed_body(request, run) for run in found[offset:][:limit]]

    return json_response({"runs": await run_in_threadpool(bodies)})


@router.get("/{run_id}", summary="Look at a run", responses=reply(RunDocument, "The run.") | problems(404))
async def read_run(request: Request, run_id: ReadableRun, parts: Parts) -> Response:
    """The run as it stands at `step`; its `metrics` are exact for that step."""
    run = await parts.result(parts.service.run(run_id))
    return json_response(run_body(request, run))


@router.patch(
    "/{run_id}",
    summary="Change a run's Experiment",
    openapi_extra=body(None, PATCHES, media_types=("application/merge-patch+json", "application/json")),
    responses=reply(PatchedRun, "The run after the change, and how it took effect.")
    | problems(400, 404, 413, 415, 422),
)
async def patch_run(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """Takes a JSON merge patch (RFC 7396) on the run's Experiment.

    `applied` says what it did: `live` takes effect at the next batch, `reinitialised` starts again at step 0, and
    `recompiled` had to wait for a compile as well. A run that plays plays on.
    """
    patch = json_object(await read_json(request, parts.limit))
    run = await parts.result(parts.service.patch(run_id, patch))
    return json_response(run_body(request, run))


@router.get(
    "/{run_id}/journal",
    summary="Read a run's journal",
    responses=reply(Journal, "The Experiment at step 0, and what was done since.") | problems(404),
)
async def read_journal(run_id: ReadableRun, parts: Parts) -> Response:
    """What determines the run, bit for bit: an Experiment, changes at certain steps, and how many steps were done."""
    return json_response(await parts.result(parts.service.journal(run_id)))


@router.get(
    "/{run_id}/diagnosis",
    summary="Ask what stands out in a run",
    responses=reply(Diagnosis, "The findings, the worst first; none where all is well.") | problems(404, 409),
)
async def read_diagnosis(run_id: ReadableRun, parts: Parts) -> Response:
    """What stands out in the run as it now is: steps too large or too small, dead or saturated neurons, gradients that
    vanish or explode, learning by heart and more. Each with the numbers that show it and, where there is one, a repair.
    """
    return json_response(await parts.result(parts.service.diagnosis(run_id)))


@router.delete("/{run_id}", status_code=204, summary="Delete a run", responses=problems(404))
async def delete_run(run_id: OwnRun, parts: Parts) -> Response:
    """Stops it and puts it into the bin, where it can be restored for a day; its streams end."""
    await run_in_threadpool(parts.service.delete, run_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/{run_id}/commands",
    summary="Tell a run what to do",
    openapi_extra=body(Command, COMMANDS),
    responses=reply(RunDocument, "The run, the command applied.") | problems(400, 404, 409, 413, 415, 422, 429),
)
async def command_run(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """`play` (`until` an exact epoch or step, where it pauses), `pause`, `step`, `rewind`, `reset`, `speed`,
    `edit`, `undo` or `redo`.

    Answers when the command is applied, for `step` and `rewind` when the run is there. `rewind` goes to an `epoch` or a
    `step` that the run has passed, with everything as it was then; `passed` tells how far one can go forward again.
    Playing on from there leads to the same bits, changes made on the way included, until something else is changed.
    `undo` takes the last change back, a reset among them, with all that had been learnt; the run's `undo` and `redo`
    tell what they would do.
    """
    command = parse(Command, await read_json(request, parts.limit))
    run = await parts.result(parts.service.command(run_id, command))
    return json_response(run_body(request, run))


@router.post(
    "/{run_id}/branch",
    status_code=201,
    summary="Begin another run where this one has been",
    openapi_extra=body(Point, POINTS),
    responses=created(RunDocument, "The new run; its address is in the header Location.")
    | problems(400, 404, 409, 413, 415, 422, 429),
)
async def branch_run(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """A run of one's own that has come to an `epoch` or a `step` as this one did; this one stays as it is."""
    point = parse(Point, await read_json(request, parts.limit))
    begun = await run_in_threadpool(parts.service.branches.branch, run_id, point)
    return created_run(request, await parts.result(begun))
