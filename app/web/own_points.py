"""Routes for points of one's own: what a text would mean, and learning from it."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from app.data.table import parse_csv
from app.errors import MalformedInput, TooLarge
from app.schemas.experiment import Experiment
from app.schemas.url import typed_document
from app.web.access import Caller, OwnRun
from app.web.body import read_upload
from app.web.lab.answers import changed, form_of
from app.web.lab.own_points import points_patch, preview_of, refused
from app.web.lab.rendering import render
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}/own-points", include_in_schema=False)

OWN_POINTS = "data.points"
DOMAIN = "data.domain"
PREVIEW = "partials/own_preview.html"

# A form writes a comma or the end of a line in three bytes.
_BYTES_IN_A_FORM = 3


@router.post("", response_class=HTMLResponse)
async def own_points(request: Request, run_id: OwnRun, parts: Parts, caller: Caller) -> HTMLResponse:
    """Learns from the points in the form's `text`, which is CSV, and draws its `data.domain`, if it has one."""
    form = dict(await form_of(request, parts))
    text = form.get("text", "")

    def patch(_: Experiment) -> dict[str, object]:
        domain = typed_document([(DOMAIN, form[DOMAIN])])["data"]["domain"] if DOMAIN in form else None
        return {"data": points_patch(parse_csv(text), parts.datasets, caller, domain)}

    return await changed(request, parts, run_id, patch, [(OWN_POINTS, text)], whole=OWN_POINTS)


@router.post("/preview", response_class=HTMLResponse)
async def preview(request: Request, _: OwnRun, parts: Parts) -> HTMLResponse:
    """What was understood of the body, which is the CSV itself. A text that is no good has a preview, too: why not."""
    limit = parts.limit // _BYTES_IN_A_FORM
    try:
        text = await read_upload(request, limit)
    except TooLarge:
        error = TooLarge(f"This is too large: at most {limit:,} bytes can be taken.")
        return render(PREVIEW, refused(error, unreadable=True))
    except MalformedInput as error:
        return render(PREVIEW, refused(error, unreadable=True))
    return render(PREVIEW, await run_in_threadpool(preview_of, text))
