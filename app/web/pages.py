"""The lab for people: the page, and the routes that its controls call.

A control changes the run and gets the whole lab back, rendered from what the run now is; htmx merges it into the page
(app.web.lab.answers).
"""

import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse

from app.data.dataset import PreparedPoints
from app.errors import InvalidInput, NotFound, PlaygroundError, TooLarge
from app.schemas.command import Command
from app.schemas.document import parse_value
from app.schemas.experiment import Experiment, PictureExperiment, as_plane, default_experiment
from app.schemas.url import typed_document
from app.web.access import Caller, OwnRun, ReadableRun, Visitor
from app.web.lab import pictures, views
from app.web.lab.about import ABOUT, GLOSSARY, OF_PICTURES, OFTEN_HIDDEN, TERMS
from app.web.lab.answers import Change, changed, form_of, lab_of, lab_response, new_lab, opened, run_of, view_of
from app.web.lab.context import Lab, LabPage, TransportPart
from app.web.lab.forms import patch_from_form
from app.web.lab.layers import changed_layers
from app.web.lab.points import points_document
from app.web.lab.rendering import js_modules, render
from app.web.lab.stack import changed_stack
from app.web.my_runs.cards import NEAR, limits_of
from app.web.state import Parts
from app.web.templating import compile_templates


@asynccontextmanager
async def _lifespan(_: object) -> AsyncGenerator[None]:
    threading.Thread(target=_prepare, name="pages", daemon=True).start()
    yield


def _prepare() -> None:
    """The first visitor should not wait for templates, nor for scikit-learn, which has data of two of the pictures."""
    compile_templates()
    pictures.kind_pictures()


router = APIRouter(include_in_schema=False, lifespan=_lifespan)

WHOLE_LAB = {"HX-Retarget": "#lab", "HX-Reswap": "outerMorph"}
PAGE, TRANSPORT = "pages/lab.html", "partials/transport.html"


@router.get("/", response_class=HTMLResponse)
async def page(request: Request, parts: Parts, visitor: Visitor) -> HTMLResponse:
    """The page, with a run of the Experiment that the address holds, or of the default one where it cannot be read."""
    experiment, view, error = opened(request.url.query)
    try:
        lab = await new_lab(parts, visitor, experiment, view)
    except (InvalidInput, NotFound, TooLarge) as refused:
        # It reads well, but its loss is for another task, its data is gone, or its network is too large.
        error = refused
        lab = await new_lab(parts, visitor, default_experiment(experiment.family), view)
    collection = parts.service.collection
    return _page_of(
        lab,
        error,
        limits=limits_of(await run_in_threadpool(collection.standing, visitor), NEAR),
    )


@router.get("/runs/{run_id}", response_class=HTMLResponse)
async def lab(request: Request, run_id: ReadableRun, parts: Parts, caller: Caller) -> HTMLResponse:
    """The page of a run as it now is; its lab alone for a page that finds itself out of date."""
    reader = await run_in_threadpool(parts.service.access, run_id, caller) == "reader"
    change = Change(await run_of(request, parts, run_id), reader=reader)
    if "HX-Request" in request.headers:
        return await lab_response(request, parts, change)
    return _page_of(await lab_of(request, parts, change))


def _page_of(lab: Lab, error: PlaygroundError | None = None, *, limits: tuple[str, ...] = ()) -> HTMLResponse:
    context = LabPage(
        **vars(lab),
        pictures=pictures.kind_pictures(),
        modules=_modules(lab),
        abouts={**ABOUT, **TERMS},
        picture_abouts=OF_PICTURES,
        glossary=GLOSSARY,
        often_hidden=OFTEN_HIDDEN,
        problem=error.detail if error else "",
        problem_fields=tuple((field.path, field.message) for field in error.errors) if error else (),
        limits=limits,
    )
    return render(PAGE, context, error.status if error else HTTPStatus.OK)


def _modules(lab: Lab) -> tuple[str, ...]:
    """Those of the page, and those of its kind of lab, each once."""
    entries = ("main.js", "pictures.js") if lab.sees == "pictures" else ("main.js",)
    return tuple(sorted({module for entry in entries for module in js_modules(entry)}))


@router.patch("/runs/{run_id}", response_class=HTMLResponse)
async def change(request: Request, run_id: OwnRun, parts: Parts) -> HTMLResponse:
    """Changes the fields of the Experiment that the form names by their paths."""
    fields = await form_of(request, parts)
    return await changed(request, parts, run_id, lambda experiment: patch_from_form(fields, experiment), fields)


@router.post("/runs/{run_id}/layers", response_class=HTMLResponse)
async def change_layers(request: Request, run_id: OwnRun, parts: Parts) -> HTMLResponse:
    """Adds, removes or moves a layer, or a neuron, as changed_layers and changed_stack say; `layer` counts from 0."""
    form = dict(await form_of(request, parts))
    index = form.get("layer", "0")

    def patch(experiment: Experiment) -> dict[str, Any]:
        if isinstance(experiment, PictureExperiment):
            return {"network": {"layers": changed_stack(experiment, form)}}
        layers = changed_layers(as_plane(experiment), form.get("action", ""), int(index) if index.isdigit() else -1)
        return {"network": {"layers": layers}}

    return await changed(request, parts, run_id, patch)


@router.post("/runs/{run_id}/commands", response_class=HTMLResponse)
async def command(request: Request, run_id: OwnRun, parts: Parts) -> HTMLResponse:
    """Tells the run what to do: the fields of a command. The answer is the transport alone, or the lab of a new run."""
    fields = await run_in_threadpool(typed_document, await form_of(request, parts))
    unit = str(fields.get("unit", "epoch"))
    run = await run_of(request, parts, run_id)
    error: PlaygroundError | None = None
    try:
        run = await parts.result(parts.service.command(run.id, _command(fields)))
    except PlaygroundError as refused:
        error = refused
    if run.id != run_id or fields.get("type") in ("undo", "redo", "rewind"):
        change = Change(run, message=error.detail if error else "", status=error.status if error else HTTPStatus.OK)
        return await lab_response(request, parts, change, WHOLE_LAB)
    transport = views.transport_of(run, view_of(request), unit, error.detail if error else "")
    return render(TRANSPORT, TransportPart(transport), error.status if error else HTTPStatus.OK)


@router.get("/runs/{run_id}/points")
async def points(run_id: ReadableRun, parts: Parts) -> JSONResponse:
    """The points of the run's data as they are drawn: raw coordinates, label, and the part they belong to."""
    prepared = await run_in_threadpool(parts.service.data, run_id)
    if not isinstance(prepared, PreparedPoints):
        raise InvalidInput("This run does not learn from points in a plane.")
    return JSONResponse(points_document(prepared), headers={"Cache-Control": "no-store"})


def _command(fields: Mapping[str, Any]) -> Command:
    """A form sends the unit of a step with every command, and an empty speed for full speed."""
    wanted = {name: value for name, value in fields.items() if name != "unit" or fields.get("type") == "step"}
    if wanted.get("epochs_per_second") == "":
        wanted["epochs_per_second"] = None
    return parse_value(Command, wanted)
