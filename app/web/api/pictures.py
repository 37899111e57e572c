"""The pictures that a run learns from, and what its network answers to them."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.data.dataset import Prepared, PreparedPictures
from app.errors import InvalidInput
from app.families.base import PictureSetup, Responses, Setup
from app.probes.packing import pack_map
from app.probes.pictures.answers import answers_of
from app.schemas.resolve import BOX
from app.schemas.run import PARTS, Part
from app.web.access import ReadableRun
from app.web.api.describe import problems, reply
from app.web.api.documents import AnswersDocument, PicturesDocument
from app.web.api.replies import json_response
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}", tags=["pictures"])

MOST_PICTURES = 200
PartOf = Annotated[Part, Query(description="The part of the data.")]
Start = Annotated[int, Query(ge=0, description="The first picture, counted from 0 within the part.")]
Count = Annotated[int, Query(ge=1, le=MOST_PICTURES, description="How many pictures.")]
Rows = Annotated[
    str, Query(max_length=2_000, description="Instead of these: the rows of up to 200 pictures, joined by commas.")
]


@router.get(
    "/pictures",
    summary="See the pictures that a run learns from",
    responses=reply(PicturesDocument, "The pictures.") | problems(404, 422),
)
async def read_pictures(
    run_id: ReadableRun, parts: Parts, part: PartOf = "train", start: Start = 0, count: Count = 60, rows: Rows = ""
) -> Response:
    """Some of them, as the network sees them: scaled, augmented and split. 422 where a run learns from no pictures."""
    prepared = await run_in_threadpool(parts.service.data, run_id)
    return json_response(await run_in_threadpool(_pictures, prepared, part, start, count, rows))


@router.get(
    "/answers",
    summary="See what the network answers to its pictures",
    responses=reply(AnswersDocument, "The answers.") | problems(404, 409, 422),
)
async def read_answers(run_id: ReadableRun, parts: Parts, part: PartOf = "test") -> Response:
    """Class, probability and loss for every picture of a part, as the network now is."""
    setup, responses = await parts.result(parts.service.answers(run_id))
    return json_response(await run_in_threadpool(_answers, setup, responses, part))


def _pictures(prepared: Prepared, part: Part, start: int, count: int, rows: str) -> PicturesDocument:
    if not isinstance(prepared, PreparedPictures):
        raise InvalidInput("This run does not learn from pictures.")
    ends = np.cumsum((0, *prepared.counts)).tolist()
    index = PARTS.index(part)
    first, last = ends[index] + start, ends[index + 1]
    chosen = _chosen(rows, ends[-1]) if rows else list(range(first, min(last, first + count)))
    labels = prepared.labels.astype(int)
    classes = len(prepared.dataset.class_names)
    by_part = np.split(labels, ends[1:-1])
    detects = prepared.dataset.boxes is not None
    return PicturesDocument.model_validate(
        {
            "shape": prepared.shape,
            "class_names": prepared.dataset.class_names,
            "counts": dict(zip(PARTS, prepared.counts, strict=True)),
            "class_counts": {
                part: tuple(np.bincount(some, minlength=classes).tolist())
                for part, some in zip(PARTS, by_part, strict=True)
            },
            "rows": tuple(chosen),
            "labels": tuple(labels[chosen].tolist()),
            "boxes": _boxes(prepared.targets[chosen, -BOX:]) if detects else None,
            "pictures": _packed(prepared.inputs[chosen].reshape(-1, *prepared.shape)),
        }
    )


def _packed(pictures: np.ndarray) -> dict[str, object]:
    packed = pack_map(pictures, 0.0, 1.0)
    return {**packed, "shape": tuple(packed["shape"]), "range": tuple(packed["range"])}


def _boxes(targets: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple((x, y, width, height) for x, y, width, height in targets.tolist())


def _chosen(rows: str, count: int) -> list[int]:
    texts = rows.split(",")
    if len(texts) > MOST_PICTURES or not all(text.isascii() and text.isdigit() for text in texts):
        raise InvalidInput.at("rows", f"must be up to {MOST_PICTURES} whole numbers, joined by commas")
    chosen = [int(text) for text in texts]
    if max(chosen) >= count:
        raise InvalidInput.at("rows", f"there are {count} samples, counted from 0")
    return chosen


def _answers(setup: Setup, responses: Responses, part: Part) -> AnswersDocument:
    if not isinstance(setup, PictureSetup):
        raise InvalidInput("This run does not learn from pictures.")
    answers = answers_of(setup, responses, part)
    return AnswersDocument(
        part=part,
        rows=tuple(answers.rows.tolist()),
        labels=tuple(answers.labels.tolist()),
        predicted=tuple(answers.predicted.tolist()),
        probability=_numbers(answers.probability),
        loss=_numbers(answers.loss),
        iou=None if answers.iou is None else _numbers(answers.iou),
    )


def _numbers(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(value if np.isfinite(value) else None for value in values.tolist())
