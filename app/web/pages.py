"""The lab for people: the page, and the routes that its controls call.

A control changes the run and gets the whole lab back, rendered from what the run now is; htmx merges it into the page.
A run that is no more (the server was restarted) is made anew from the page's address, which holds the Experiment.
"""

import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse

from app.data.table import parse_csv
from app.errors import FieldError, InvalidInput, NotFound, PlaygroundError
from app.schemas.command import Command
from app.schemas.document import parse_value
from app.schemas.experiment import Experiment
from app.schemas.run import RunDocument
from app.schemas.url import from_query, typed_document
from app.web.body import read
from app.web.lab import pictures, views
from app.web.lab.context import Lab, LabPage, TransportPart
from app.web.lab.controls import Refusal
from app.web.lab.forms import completed, patch_from_form, without_misfits
from app.web.lab.layers import changed_layers
from app.web.lab.own_points import points_patch
from app.web.lab.points import points_document
from app.web.lab.rendering import js_modules, render
from app.web.state import Parts


@asynccontextmanager
async def _lifespan(_: object) -> AsyncGenerator[None]:
    """The first visitor should not wait for scikit-learn, which has two of the thumbnails' data, to be imported."""
    threading.Thread(target=pictures.kind_pictures, name="pictures", daemon=True).start()
    yield


router = APIRouter(include_in_schema=False, lifespan=_lifespan)

SPEED = 30.0
OWN_POINTS = "data.points"
PAGE, LAB, TRANSPORT = "pages/lab.html", "partials/lab.html", "partials/transport.html"

Fields = list[tuple[str, str]]
PatchOf = Callable[[Experiment], dict[str, Any]]


@dataclass(frozen=True)
class _Change:
    """What became of a change: the run as it now is, and what was refused."""

    run: RunDocument
    refusal: Refusal | None = None
    message: str = ""
    status: int = HTTPStatus.OK


@router.get("/", response_class=HTMLResponse)
async def page(request: Request, parts: Parts) -> HTMLResponse:
    """The page, with a run of the Experiment that the address holds, or of the default one where it cannot be read."""
    experiment, error = _experiment_at(request.url.query)
    try:
        lab = await _new_lab(parts, experiment)
    except (InvalidInput, NotFound) as refused:  # it reads well, but its loss is for another task, or its data is gone
        error = refused
        lab = await _new_lab(parts, Experiment())
    context = LabPage(
        **vars(lab),
        pictures=pictures.kind_pictures(),
        modules=js_modules(),
        problem=error.detail if error else "",
        problem_fields=tuple((field.path, field.message) for field in error.errors) if error else (),
    )
    return render(PAGE, context, error.status if error else HTTPStatus.OK)


@router.get("/runs/{run_id}", response_class=HTMLResponse)
async def lab(request: Request, run_id: str, parts: Parts) -> HTMLResponse:
    """The lab of a run as it now is, for a page that finds itself out of date."""
    return await _lab_response(parts, _Change(await _run(request, parts, run_id)))


@router.patch("/runs/{run_id}", response_class=HTMLResponse)
async def change(request: Request, run_id: str, parts: Parts) -> HTMLResponse:
    """Changes the fields of the Experiment that the form names by their paths."""
    fields = await _form(request, parts)
    return await _changed(request, parts, run_id, lambda experiment: patch_from_form(fields, experiment), fields)


@router.post("/runs/{run_id}/layers", response_class=HTMLResponse)
async def change_layers(request: Request, run_id: str, parts: Parts) -> HTMLResponse:
    """Adds or removes a layer or a neuron: `action` is add, remove, more or fewer, `layer` counts from 0."""
    form = dict(await _form(request, parts))
    index = form.get("layer", "0")

    def patch(experiment: Experiment) -> dict[str, Any]:
        layers = changed_layers(experiment, form.get("action", ""), int(index) if index.isdigit() else -1)
        return {"network": {"layers": layers}}

    return await _changed(request, parts, run_id, patch)


@router.post("/runs/{run_id}/own-points", response_class=HTMLResponse)
async def own_points(request: Request, run_id: str, parts: Parts) -> HTMLResponse:
    """Learns from the points in the form's `text`, which is CSV."""
    text = dict(await _form(request, parts)).get("text", "")

    def patch(experiment: Experiment) -> dict[str, Any]:
        return {"data": points_patch(parse_csv(text), parts.datasets)}

    return await _changed(request, parts, run_id, patch, [(OWN_POINTS, text)], whole=OWN_POINTS)


@router.post("/runs/{run_id}/commands", response_class=HTMLResponse)
async def command(request: Request, run_id: str, parts: Parts) -> HTMLResponse:
    """Tells the run what to do: the fields of a command. The answer is the transport alone, or the lab of a new run."""
    fields = typed_document(await _form(request, parts))
    unit = str(fields.get("unit", "epoch"))
    run = await _run(request, parts, run_id)
    error: PlaygroundError | None = None
    try:
        run = await parts.result(parts.service.command(run.id, _command(fields)))
    except PlaygroundError as refused:
        error = refused
    if run.id != run_id:
        change = _Change(run, message=error.detail if error else "")
        return await _lab_response(parts, change, {"HX-Retarget": "#lab", "HX-Reswap": "outerMorph"})
    transport = views.transport_of(run, unit, error.detail if error else "")
    return render(TRANSPORT, TransportPart(transport), error.status if error else HTTPStatus.OK)


@router.get("/runs/{run_id}/points")
async def points(run_id: str, parts: Parts) -> JSONResponse:
    """The points of the run's data as they are drawn: raw coordinates, label, and the part they belong to."""
    prepared = await run_in_threadpool(parts.service.data, run_id)
    return JSONResponse(points_document(prepared), headers={"Cache-Control": "no-store"})


def _experiment_at(query: str) -> tuple[Experiment, PlaygroundError | None]:
    """The Experiment of an address, or the default one and what was wrong."""
    try:
        return from_query(query), None
    except InvalidInput as error:
        return Experiment(), error


def _command(fields: Mapping[str, Any]) -> Command:
    """A form sends the unit of a step with every command, and an empty speed for full speed."""
    wanted = {name: value for name, value in fields.items() if name != "unit" or fields.get("type") == "step"}
    if wanted.get("epochs_per_second") == "":
        wanted["epochs_per_second"] = None
    return parse_value(Command, wanted)


async def _form(request: Request, parts: Parts) -> Fields:
    """The fields of an urlencoded form. Raises InvalidInput, TooLarge."""
    body = await read(request, parts.limit)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True)
    except ValueError:
        raise InvalidInput("The form cannot be read.", (FieldError("", "must be UTF-8 text"),)) from None


async def _new_lab(parts: Parts, experiment: Experiment) -> Lab:
    run = await _created(parts, experiment)
    return views.lab_of(run, await run_in_threadpool(parts.service.data, run.id))


async def _created(parts: Parts, experiment: Experiment) -> RunDocument:
    return await run_in_threadpool(parts.service.create, experiment, play=False, speed=SPEED, attended=True)


async def _run(request: Request, parts: Parts, run_id: str) -> RunDocument:
    """The run, or a new one of the Experiment in the address of the page that asks."""
    try:
        return await parts.result(parts.service.run(run_id))
    except NotFound:
        experiment, _ = _experiment_at(urlsplit(request.headers.get("HX-Current-URL", "")).query)
        return await _created(parts, experiment)


async def _changed(
    request: Request, parts: Parts, run_id: str, patch_of: PatchOf, fields: Fields | None = None, whole: str = ""
) -> HTMLResponse:
    """The lab after a change, or as it was, with what was wrong: beside its control, or for the control `whole`."""
    run = await _run(request, parts, run_id)
    try:
        patch = completed(patch_of(run.experiment), run.experiment)
        return await _lab_response(parts, await _patched(parts, run, patch))
    except PlaygroundError as error:
        sent = dict(fields or ())
        errors = {whole: error.detail} if whole else {field.path: field.message for field in error.errors}
        # Where a control is beside what was wrong, it tells so itself.
        message = "" if errors and errors.keys() <= sent.keys() else error.detail
        return await _lab_response(parts, _Change(run, Refusal(sent, errors), message, error.status))


async def _patched(parts: Parts, run: RunDocument, patch: dict[str, Any]) -> _Change:
    """The run after the patch; a loss or output activation that no longer fits gives way, which is told."""
    try:
        return _Change(await parts.result(parts.service.patch(run.id, patch)))
    except InvalidInput as error:
        relaxed = without_misfits(patch, error)
        if relaxed is None:
            raise
        changed = await _patched(parts, run, relaxed)
        return changed if changed.message else _Change(changed.run, message=f"{error.detail} The default was taken.")


async def _lab_response(parts: Parts, change: _Change, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    prepared = await run_in_threadpool(parts.service.data, change.run.id)
    lab = views.lab_of(change.run, prepared, change.refusal, change.message)
    return render(LAB, lab, change.status, {"HX-Replace-Url": lab.address, **(headers or {})})
