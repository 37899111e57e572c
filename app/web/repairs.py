"""Repairing a run: what a finding offers is taken over as one change, which can be undone."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.errors import PlaygroundError
from app.schemas.patch import apply_patch
from app.web.access import OwnRun
from app.web.body import json_object
from app.web.lab.answers import Change, form_of, lab_response, run_of
from app.web.state import Parts

router = APIRouter(include_in_schema=False)


@router.post("/runs/{run_id}/repair", response_class=HTMLResponse)
async def repair(request: Request, run_id: OwnRun, parts: Parts) -> HTMLResponse:
    """Applies the merge patch in the form's `patch` (JSON); where `reset` is `true`, the run starts again with it."""
    run = await run_of(request, parts, run_id)
    try:
        form = dict(await form_of(request, parts))
        patch = json_object(form.get("patch", "").encode())
        if form.get("reset") == "true":
            answer = parts.service.open(run.id, apply_patch(run.experiment, patch), "repair")
        else:
            answer = parts.service.patch(run.id, patch)
        change = Change(await parts.result(answer))
    except PlaygroundError as error:
        change = Change(run, message=error.detail, status=error.status)
    return await lab_response(request, parts, change)
