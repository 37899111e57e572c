"""The pages of sweeps: where one begins, one as it stands, and the list of all."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.errors import Conflict, PlaygroundError
from app.schemas.sweep import Sweep
from app.web.access import Caller, Visitor, readable
from app.web.lab.answers import form_of, run_of
from app.web.lab.rendering import render
from app.web.state import Parts
from app.web.sweeps.again import around_best
from app.web.sweeps.forms import mistakes_of, sweep_of
from app.web.sweeps.page import SweepProblem, list_of, page_of
from app.web.sweeps.start import start_of

router = APIRouter(prefix="/sweeps", include_in_schema=False)

LIST, NEW, PAGE = "pages/sweeps.html", "pages/sweep_new.html", "pages/sweep.html"
PROBLEM = "partials/sweep_problem.html"


@router.get("", response_class=HTMLResponse)
async def sweeps(parts: Parts, caller: Caller) -> HTMLResponse:
    """The visitor's sweeps, newest first."""
    return render(LIST, list_of(await run_in_threadpool(parts.service.sweeps.list, caller)))


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, parts: Parts, caller: Caller, run: str = "") -> HTMLResponse:
    """The page on which a sweep of the run's Experiment begins."""
    document = await run_of(request, parts, await readable(run, parts, caller))
    prepared = await run_in_threadpool(parts.service.data, run)
    return render(NEW, await run_in_threadpool(start_of, document, prepared))


@router.post("", response_class=HTMLResponse)
async def begin(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """Begins what the form says of `run` and leads to its page, or says why not, for a place beside the form."""
    form = await form_of(request, parts)
    run = await run_of(request, parts, await readable(dict(form).get("run", ""), parts, visitor))
    try:
        return await _begun(request, parts, visitor, await run_in_threadpool(sweep_of, form, run))
    except PlaygroundError as error:
        return render(PROBLEM, SweepProblem(mistakes_of(error)), error.status)


@router.post("/{sweep_id}/again", response_class=HTMLResponse)
async def again(request: Request, sweep_id: str, parts: Parts, visitor: Visitor) -> Response:
    """Begins the sweep around the best trial of this one."""
    document = await run_in_threadpool(parts.service.sweeps.get, sweep_id, visitor)
    sweep = around_best(document)
    if sweep is None:
        raise Conflict("There is nothing to search more closely: no range of numbers, or no best trial.")
    return await _begun(request, parts, visitor, sweep)


@router.get("/{sweep_id}", response_class=HTMLResponse)
async def page(sweep_id: str, parts: Parts, caller: Caller) -> HTMLResponse:
    """The page of a sweep, which asks for what is new by itself."""
    document = await run_in_threadpool(parts.service.sweeps.get, sweep_id, caller)
    return render(PAGE, await run_in_threadpool(page_of, document))


async def _begun(request: Request, parts: Parts, visitor: str, sweep: Sweep) -> Response:
    document = await run_in_threadpool(parts.service.sweeps.start, sweep, visitor)
    return Response(headers={"HX-Redirect": f"{request.scope.get('root_path', '')}/sweeps/{document.id}"})
