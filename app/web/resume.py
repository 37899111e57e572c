"""A page's run in place of one that the server no longer has: made anew from the page's address, and brought to where
the other was.

The same Experiment trains in the same way every time, so the run is trained again, as fast as the server can. It is the
Experiment as it now reads: what was changed or edited on the way is not made again at its step.
"""

from concurrent.futures import Future

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.runs.service import RunService
from app.schemas.command import Command, Play, Speed, Step
from app.schemas.document import Document, parse_value
from app.schemas.run import RunDocument
from app.schemas.url import typed_document
from app.web.access import Visitor
from app.web.lab.answers import Change, created, experiment_of, form_of, lab_response
from app.web.state import Parts

router = APIRouter(include_in_schema=False)

# What one command to step may ask for.
_MOST_EPOCHS = 100_000
_TRAINED_AGAIN = "The server no longer has this run. The experiment is trained again, as it now reads, to where it was."


class Left(Document):
    """Where a page last saw its run."""

    epoch: int = Field(ge=0, le=10_000_000)
    playing: bool
    epochs_per_second: float | None = Field(gt=0, le=1_000_000)


@router.post("/resume", response_class=HTMLResponse)
async def resume(request: Request, parts: Parts, visitor: Visitor) -> HTMLResponse:
    """The lab of a new run, of the Experiment in the address of the page that asks."""
    fields = [(name, value or "null") for name, value in await form_of(request, parts)]
    left = parse_value(Left, typed_document(fields))
    run = await created(parts, visitor, experiment_of(request))
    await parts.result(parts.service.command(run.id, Command(Speed(epochs_per_second=left.epochs_per_second))))
    _go_on(parts.service, run.id, left, 0)
    run = await parts.result(parts.service.run(run.id))
    return await lab_response(request, parts, Change(run, message=_TRAINED_AGAIN))


def _go_on(service: RunService, run_id: str, left: Left, epoch: int) -> None:
    """From `epoch`, where the run is, to where it was left; then it plays on, if it did."""
    if epoch < left.epoch:
        goal = min(left.epoch, epoch + _MOST_EPOCHS)

        def reached(steps: "Future[RunDocument]") -> None:
            # It may diverge again, or be told otherwise: then it stays where it is.
            if not steps.exception() and steps.result().epoch >= goal:
                _go_on(service, run_id, left, goal)

        service.command(run_id, Command(Step(unit="epoch", count=goal - epoch))).add_done_callback(reached)
    elif left.playing:
        service.command(run_id, Command(Play()))
