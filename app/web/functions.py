"""The functions that a run computes with, as curves for the lab's charts (static/js/charts/functions.js)."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from app.data.dataset import Prepared
from app.probes.functions import (
    MOST_EPOCHS,
    activation_curve,
    loss_curves,
    output_activation_curve,
    schedule_curve,
)
from app.schemas.experiment import Experiment
from app.schemas.network import ActivationName
from app.schemas.picture_network import activation_of
from app.web.access import ReadableRun
from app.web.state import Parts

router = APIRouter(include_in_schema=False)

Epochs = Annotated[int, Query(ge=0, le=MOST_EPOCHS)]


@router.get("/runs/{run_id}/functions")
async def functions(run_id: ReadableRun, parts: Parts, epochs: Epochs = 0) -> JSONResponse:
    """Activations by name with the name of each layer's, the run's loss among others, and the learning rate.

    The schedule goes over at least `epochs` epochs.
    """
    run = await parts.result(parts.service.run(run_id))
    prepared = await run_in_threadpool(parts.service.data, run_id)
    document = await run_in_threadpool(_document, run.resolved, prepared, epochs)
    return JSONResponse({"revision": run.revision, **document}, headers={"Cache-Control": "no-store"})


def _document(resolved: Experiment, prepared: Prepared, epochs: int) -> dict[str, Any]:
    network, loss = resolved.network, resolved.training.loss
    schedule = {"schedule": asdict(schedule_curve(resolved.training, epochs))}
    if network.output_activation is None or loss is None:  # what learns without them has no such curves
        return {"layers": [], "activations": {}, "loss": None, **schedule}
    problem, outputs = prepared.dataset.problem, prepared.targets.shape[1]
    names: list[ActivationName] = [name for name in map(activation_of, network.layers) if name]
    activations = {name: asdict(activation_curve(name)) for name in names}
    of_output = asdict(output_activation_curve(network.output_activation, outputs))
    return {
        "layers": [*names, network.output_activation],
        "activations": {**activations, network.output_activation: of_output},
        "loss": None if problem.task == "detection" else asdict(loss_curves(loss, problem)),
        **schedule,
    }
