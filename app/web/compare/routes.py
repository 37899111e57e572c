"""The page that shows runs side by side, and the panel of the lab in which comparisons begin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.errors import InvalidInput, PlaygroundError
from app.schemas.comparison import MOST_SEEDS
from app.schemas.experiment import UNIONS, Experiment
from app.schemas.run import RunDocument
from app.web.access import Caller, ReadableRun, Visitor, readable
from app.web.compare.beginning import OPTIMIZER, begin_watched, changed_control, optimiser_race, several_seeds
from app.web.compare.differences import title_of
from app.web.compare.page import ComparePage, page_of
from app.web.compare.table import table_of
from app.web.lab import views
from app.web.lab.answers import form_of, run_of
from app.web.lab.changeable import changeable
from app.web.lab.controls import Choice, Control
from app.web.lab.rendering import render
from app.web.lab.view import View
from app.web.state import Parts, State

router = APIRouter(include_in_schema=False)

PAGE, START = "pages/compare.html", "partials/compare_start.html"
SEEDS = (4, 8, 16)
"""How many seeds are offered, where so many may train at once."""


@dataclass(frozen=True)
class CompareStart:
    """What the panel offers for a run."""

    run_id: str
    seeds: tuple[int, ...]
    race: bool
    """Whether there are optimisers to choose from, and all may train at once."""
    fields: tuple[Choice, ...]
    """The controls of which one can be changed, by their paths."""
    control: Control
    """The one that is chosen; of its choices, those that it has not now."""
    message: str
    """Why nothing was begun."""


@router.get("/compare", response_class=HTMLResponse)
async def page(parts: Parts, caller: Caller, runs: str = "") -> HTMLResponse:
    """The page of these runs, or a word on how to get some."""
    table = await table_of(parts, caller, runs) if runs else None
    return render(PAGE, page_of(table) if table else ComparePage())


@router.get("/runs/{run_id}/compare", response_class=HTMLResponse)
async def start(request: Request, run_id: ReadableRun, parts: Parts, path: str = "") -> HTMLResponse:
    """The panel, with the control at `path`."""
    run = await run_of(request, parts, run_id)
    return render(START, await run_in_threadpool(_start_of, parts, run, path))


@router.post("/compare", response_class=HTMLResponse)
async def begin(request: Request, parts: Parts, visitor: Visitor) -> Response:
    """Begins what the form says and leads to its page, or says in the panel why not.

    `run` is the run that it begins with, beside `seeds`, how many; or `path` and `value` of a control; or neither, for
    an optimiser race.
    """
    form = dict(await form_of(request, parts))
    run = await run_of(request, parts, await readable(form.get("run", ""), parts, visitor))
    try:
        runs = await run_in_threadpool(begin_watched, parts, visitor, _experiments(run, form))
    except PlaygroundError as error:
        panel = await run_in_threadpool(_start_of, parts, run, form.get("path", ""), error.detail)
        return render(START, panel, error.status)
    names = ",".join(run.id for run in runs)
    return Response(headers={"HX-Redirect": f"{request.scope.get('root_path', '')}/compare?runs={names}"})


def _experiments(run: RunDocument, form: Mapping[str, str]) -> tuple[Experiment, ...]:
    if "seeds" in form:
        count = form["seeds"]
        if count not in map(str, SEEDS):
            raise InvalidInput.at("seeds", f"must be one of {SEEDS}")
        return several_seeds(run, int(count))
    if "path" in form:
        return changed_control(run, form["path"], form.get("value", ""))
    return optimiser_race(run)


def _start_of(parts: State, run: RunDocument, path: str, message: str = "") -> CompareStart:
    controls = changeable(views.lab_of(run, parts.service.data(run.id), View()))
    control = controls.get(path) or next(iter(controls.values()))
    most = MOST_SEEDS if parts.settings.single_user else parts.settings.max_running_per_visitor
    others = tuple(choice for choice in control.choices if choice.value != control.value)
    return CompareStart(
        run_id=run.id,
        seeds=tuple(count for count in SEEDS if count <= most),
        race=OPTIMIZER in controls and len(UNIONS["training.optimizer"]) <= most,
        fields=tuple(Choice(name, title_of(name)) for name in controls),
        control=replace(control, label=title_of(control.path), choices=others),
        message=message,
    )
