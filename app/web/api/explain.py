"""What a network for pictures sees in one picture and in all, what a filter looks for, and the arithmetic of a unit."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.errors import InvalidInput
from app.schemas.document import parse
from app.schemas.explain import Explanation, ExplanationKind, Question
from app.web.access import ReadableRun
from app.web.api.describe import Example, body, problems, reply
from app.web.api.documents import DrawnPicture
from app.web.api.replies import json_response
from app.web.body import read_json
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}", tags=["pictures"])


def _at(description: str) -> object:
    return Query(ge=0, le=2**31 - 1, description=description)


def _question(
    kind: Annotated[ExplanationKind, Query(description="What is wanted.")],
    row: Annotated[int | None, _at("Which of the run's pictures, counted through all parts.")] = None,
    layer: Annotated[int | None, _at("Which layer, counted from 0; the output layer comes last.")] = None,
    channel: Annotated[int | None, _at("Which of the layer's maps.")] = None,
    y: Annotated[int | None, _at("Which line of the map.")] = None,
    x: Annotated[int | None, _at("Which column.")] = None,
    unit: Annotated[int | None, _at("Which unit of a layer that makes a row of numbers.")] = None,
    class_index: Annotated[
        int | None, Query(alias="class", ge=0, le=2**31 - 1, description="Which class; else the predicted one.")
    ] = None,
) -> Question:
    return Question(kind=kind, row=row, layer=layer, channel=channel, y=y, x=x, unit=unit, class_index=class_index)


SENT = (Example("cross", "A small cross", {"picture": [[[float(3 in (y, x)) for x in range(8)] for y in range(8)]]}),)
Asked = Annotated[Question, Depends(_question)]
_REPLY = reply(Explanation, "The explanation, by its kind.")


@router.get("/explain", summary="Explain one of a run's pictures", responses=_REPLY | problems(404, 422))
async def explain(run_id: ReadableRun, question: Asked, parts: Parts) -> Response:
    """What a network for pictures makes of a picture, as it now is, or what one of its filters looks for.

    `maps`: what every layer makes of the picture `row`, or one `layer`. `unit`: the arithmetic of one unit of a
    `layer`, at `channel`, `y` and `x`, or in a row `unit`. `saliency`, `integrated_gradients`, `grad_cam` (of the last
    layer that makes maps, or of `layer`) and `occlusion`: which pixels speak for a `class`. `top`: the test pictures
    that excite the filter `channel` of a `layer` most. `synthesis`: a picture that was made to excite it. `umap`: an
    embedding of what the output layer sees of up to 600 pictures, where umap-learn is installed on the server (see
    `explanations` in the catalog).

    The first question that needs gradients waits for a program to be compiled, and so does the first `umap`. Whoever
    asks for `umap` while the same run's is being computed gets that one, with its `epoch`.
    """
    return json_response(await parts.result(parts.service.explaining.explain(run_id, question)))


@router.post(
    "/explain",
    summary="Explain a picture that is sent",
    openapi_extra=body(DrawnPicture, SENT),
    responses=_REPLY | problems(400, 404, 413, 415, 422),
)
async def explain_sent(request: Request, run_id: ReadableRun, question: Asked, parts: Parts) -> Response:
    """The same about a picture that is none of the run's: `{"picture": …}` instead of `row`."""
    picture = await run_in_threadpool(_picture, await read_json(request, parts.limit))
    return json_response(await parts.result(parts.service.explaining.explain(run_id, question, picture)))


def _picture(text: bytes) -> np.ndarray:
    try:
        return np.array(parse(DrawnPicture, text).picture, np.float32)
    except ValueError:
        raise InvalidInput.at(
            "picture", "all channels must have the same size, and all lines the same length"
        ) from None
