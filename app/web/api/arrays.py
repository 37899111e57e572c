"""The numbers of a run, to compute with: history, data, parameters, predictions, loss landscape."""

import io
from http import HTTPStatus

import numpy as np
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from numpy.typing import NDArray
from safetensors.numpy import save
from starlette.responses import Response

from app.data.dataset import Prepared
from app.errors import InvalidInput
from app.schemas.document import parse
from app.schemas.landscape import Landscape, LandscapeRequest
from app.schemas.run import PARTS
from app.web.access import OwnRun, ReadableRun
from app.web.api.describe import JSON, Example, body, problems, reply
from app.web.api.documents import ArraysDocument, HistoryDocument, Predictions, PredictRequest
from app.web.api.replies import file_response, json_response
from app.web.api.tables import TableForm, table_reply, table_response
from app.web.body import read_json
from app.web.negotiation import negotiate
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}", tags=["numbers"])

BYTES = "application/octet-stream"
NPZ = ("application/x-npz", BYTES, "application/zip")
_BINARY = {"schema": {"type": "string", "format": "binary"}}

PREDICTIONS = (Example("two_points", "Ask about two points", {"inputs": [[0, 0], [3, -2.5]]}),)

LANDSCAPES = (
    Example("default", "A square of 25 by 25 points", {}),
    Example("wide", "Farther, more coarsely, in other directions", {"seed": 3, "side": 15, "span": 2.5}),
)
_LANDSCAPE = reply(Landscape, "The whole landscape.") | {
    202: reply(Landscape, "As far as it is drawn.")[200],
}


@router.get(
    "/history",
    summary="Read the recorded metrics",
    responses=table_reply(HistoryDocument, "The history, as JSON or (by Accept) as CSV.") | problems(404, 406, 422),
)
async def read_history(request: Request, run_id: ReadableRun, parts: Parts, form: TableForm = None) -> Response:
    """Metrics at the ends of epochs since the last start at step 0: JSON, or CSV with `Accept: text/csv`.

    At most some 2,000 rows are kept: where there are more epochs, every second one, every fourth, and so on.
    """
    history = parts.service.history(run_id)
    columns, rows = history.columns, tuple(history.rows)  # the run goes on adding rows
    value = {"columns": columns, "rows": rows}
    return await run_in_threadpool(table_response, request, form, value, columns, rows)


@router.get(
    "/data",
    summary="Read the arrays that a run sees",
    responses={
        200: {
            "description": "The arrays, as JSON or (by Accept) as npz.",
            "content": reply(ArraysDocument, "")[200]["content"] | dict.fromkeys(NPZ, _BINARY),
        }
    }
    | problems(404, 406),
)
async def read_data(request: Request, run_id: ReadableRun, parts: Parts) -> Response:
    """Inputs and targets of each part, after features, scaling and split.

    JSON, or NumPy's npz with `Accept: application/x-npz` (or `application/octet-stream`, or `application/zip`).
    """
    media_type = negotiate(request, JSON, *NPZ)
    prepared = await run_in_threadpool(parts.service.data, run_id)
    if media_type == JSON:
        response = await run_in_threadpool(_arrays_json, prepared)
    else:
        response = file_response(await run_in_threadpool(_arrays_npz, prepared), media_type, f"{run_id}.npz")
    response.headers["Vary"] = "Accept"
    return response


@router.get(
    "/parameters",
    summary="Download weights and biases",
    responses={200: {"description": "A safetensors file.", "content": {BYTES: _BINARY}}} | problems(404),
)
async def read_parameters(run_id: ReadableRun, parts: Parts) -> Response:
    """safetensors, float32: `layers.0.weight` (inputs, units), `layers.0.bias` (units,), the output layer last."""
    tensors = await parts.result(parts.service.parameters(run_id))
    return file_response(save(tensors), BYTES, f"{run_id}.safetensors")


@router.post(
    "/predict",
    summary="Ask the network",
    openapi_extra=body(PredictRequest, PREDICTIONS),
    responses=reply(Predictions, "The network's outputs.") | problems(400, 404, 409, 413, 415, 422),
)
async def predict(request: Request, run_id: ReadableRun, parts: Parts) -> Response:
    """The network's outputs, as it now is, for raw points `[x1, x2]`, or for pictures; at most 10,000 at once."""
    text = await read_json(request, parts.limit)
    inputs = await run_in_threadpool(_inputs, text)
    outputs = await parts.result(parts.service.predict(run_id, inputs))
    return json_response({"outputs": outputs.tolist()})


@router.post(
    "/landscape",
    summary="Draw the loss around the network",
    openapi_extra=body(LandscapeRequest, LANDSCAPES, required=False),
    responses=_LANDSCAPE | problems(400, 404, 409, 413, 415, 422),
)
async def draw_landscape(request: Request, run_id: OwnRun, parts: Parts) -> Response:
    """Begins a landscape: the training loss over a plane through the network's parameters as they now are.

    The plane's directions are orthogonal (Li et al. 2018). Random ones are filter-normalised: each unit's weights and
    bias move in proportion to their own length. Those of the `trajectory` are the first two principal components of
    the differences between the moments that the run's time line keeps and the network; the path over these moments is
    told with it, and 409 where training has hardly moved it yet. It is drawn in the background, from the network
    outwards; GET tells how far it is. A run keeps its last landscape; one that is asked for again while nothing has
    changed is answered as it is.
    """
    text = await read_json(request, parts.limit)
    wanted = parse(LandscapeRequest, text) if text.strip() else LandscapeRequest()
    return _landscape_reply(await parts.result(parts.service.draw_landscape(run_id, wanted)))


@router.get(
    "/landscape",
    summary="Read the loss around the network",
    responses=_LANDSCAPE | {204: {"description": "No landscape has been asked for."}} | problems(404),
)
async def read_landscape(run_id: ReadableRun, parts: Parts) -> Response:
    """The landscape that was last asked for: 202 while it is being drawn, with what is known of it so far."""
    landscape = parts.service.landscape(run_id)
    return Response(status_code=HTTPStatus.NO_CONTENT) if landscape is None else _landscape_reply(landscape)


def _landscape_reply(landscape: Landscape) -> Response:
    complete = landscape.done == landscape.total
    return json_response(landscape, HTTPStatus.OK if complete else HTTPStatus.ACCEPTED, {"Cache-Control": "no-store"})


def _inputs(text: bytes) -> NDArray[np.float64]:
    rows = parse(PredictRequest, text).inputs
    if not rows:
        raise InvalidInput.at("inputs", "give at least one row")
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            message = f"has {len(row)} numbers, but the first row has {len(rows[0])}"
            raise InvalidInput.at(f"inputs.{index}", message)
    try:
        return np.array(rows, np.float64)
    except ValueError:
        raise InvalidInput.at("inputs", "all pictures must have the same size, and all lines the same length") from None


def _arrays(prepared: Prepared) -> dict[str, NDArray[np.float32]]:
    """`x_train`, `y_train` and so on for each part."""
    ends = np.cumsum(prepared.counts)[:-1]
    inputs = np.split(prepared.inputs.reshape(-1, *prepared.shape), ends)
    targets = np.split(prepared.targets, ends)
    arrays: dict[str, NDArray[np.float32]] = {}
    for part, x, y in zip(PARTS, inputs, targets, strict=True):
        arrays |= {f"x_{part}": x, f"y_{part}": y}
    return arrays


def _arrays_json(prepared: Prepared) -> Response:
    """Each number, read as a double and rounded to float32, is exactly the number in the array."""
    names = {"columns": prepared.columns, "class_names": prepared.dataset.class_names}
    return json_response(names | {name: array.tolist() for name, array in _arrays(prepared).items()})


def _arrays_npz(prepared: Prepared) -> bytes:
    file = io.BytesIO()
    names = {
        "columns": np.array(prepared.columns, dtype=np.str_),
        "class_names": np.array(prepared.dataset.class_names, dtype=np.str_),
    }
    np.savez(file, allow_pickle=False, **_arrays(prepared), **names)
    return file.getvalue()
