"""Opening a whole Experiment in the run that a page has: from a preset, a file, or what the browser remembers."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.schemas.experiment import Experiment
from app.web.lab.answers import Change, lab_response, run_of
from app.web.lab.controls import Refusal
from app.web.lab.titles import title_of
from app.web.state import Parts


async def begin(request: Request, parts: Parts, run_id: str, experiment: Experiment) -> HTMLResponse:
    """The lab with the Experiment at step 0: one change, which can be undone. A run that plays, plays on.

    Raises what RunService.open raises.
    """
    run = await run_of(request, parts, run_id)
    begun = await parts.result(parts.service.open(run.id, experiment, f"“{title_of(experiment)}”"))
    return await lab_response(request, parts, Change(begun, Refusal()))
