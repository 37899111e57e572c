"""How the lab's routes answer: with the run that the page means, changed, and the whole lab rendered from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from app.errors import InvalidInput, PlaygroundError
from app.schemas.experiment import Experiment, default_experiment
from app.schemas.run import RunDocument
from app.schemas.url import from_query
from app.web.body import read_form
from app.web.lab import views
from app.web.lab.context import Lab
from app.web.lab.controls import Refusal
from app.web.lab.draft import drafted, has_layers, kept_draft, refused_layers
from app.web.lab.forms import completed, without_misfits
from app.web.lab.rendering import render
from app.web.lab.view import View, split_query
from app.web.state import Parts

SPEED = 30.0
LAB = "partials/lab.html"

Fields = list[tuple[str, str]]
PatchOf = Callable[[Experiment], dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """What became of a change: the run as it now is, and what was refused."""

    run: RunDocument
    refusal: Refusal | None = None
    """What was refused; None where nothing was, so that what was refused before still stands."""
    message: str = ""
    status: int = HTTPStatus.OK
    reader: bool = False
    """Whether whoever asks may only look."""


def opened(query: str) -> tuple[Experiment, View, PlaygroundError | None]:
    """The Experiment and the view of an address, or the default ones of its family and what was wrong."""
    try:
        view, rest = split_query(query)
        return from_query(rest), view, None
    except InvalidInput as error:
        return default_experiment(dict(parse_qsl(query)).get("family")), View(), error


async def form_of(request: Request, parts: Parts) -> Fields:
    """The fields of an urlencoded form. Raises InvalidInput, TooLarge."""
    return await read_form(request, parts.limit)


async def new_lab(parts: Parts, visitor: str, experiment: Experiment, view: View) -> Lab:
    """The lab of a new run. Raises what RunService.create raises."""
    run = await created(parts, visitor, experiment)
    return views.lab_of(run, await run_in_threadpool(parts.service.data, run.id), view)


async def created(parts: Parts, visitor: str, experiment: Experiment) -> RunDocument:
    """A new run for a page: it begins at a speed at which there is something to watch, and pauses when nobody does."""
    return await run_in_threadpool(
        parts.service.create, experiment, visitor=visitor, play=False, speed=SPEED, attended=True
    )


async def run_of(request: Request, parts: Parts, run_id: str) -> RunDocument:
    """The run as it was last seen."""
    return parts.service.seen(run_id)


async def changed(
    request: Request, parts: Parts, run_id: str, patch_of: PatchOf, fields: Fields | None = None, whole: str = ""
) -> HTMLResponse:
    """The lab after a change, or as it was, with what was wrong: beside its control, or for the control `whole`.

    What moves says in a header that its changes are to be undone together.
    """
    together = "Undo-Together" in request.headers
    run = await run_of(request, parts, run_id)
    patch: dict[str, Any] = {}
    try:
        # In a thread: what was pasted may be long.
        patch = completed(await run_in_threadpool(patch_of, drafted(request, run.experiment)), run.experiment)
        return await lab_response(request, parts, await _patched(parts, run, patch, together=together))
    except PlaygroundError as error:
        errors = {whole: error.detail} if whole else {field.path: field.message for field in error.errors}
        sent = dict(fields or ()) | refused_layers(run.experiment, patch, errors)
        # Where a control is beside what was wrong, it tells so itself.
        message = "" if errors and errors.keys() <= sent.keys() else error.detail
        return await lab_response(request, parts, Change(run, Refusal(sent, errors), message, error.status))


async def lab_response(
    request: Request, parts: Parts, change: Change, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The whole lab, which htmx merges into the page, and its new address."""
    lab = await lab_of(request, parts, change)
    address = f"/runs/{lab.run_id}" if lab.reader else lab.address
    return render(LAB, lab, change.status, {"HX-Replace-Url": address, **(headers or {})})


async def lab_of(request: Request, parts: Parts, change: Change) -> Lab:
    """The lab after a change."""
    prepared = await run_in_threadpool(parts.service.data, change.run.id)
    refusal = kept_draft(request, change.run.experiment, prepared) if change.refusal is None else change.refusal
    lab = views.lab_of(change.run, prepared, view_of(request), refusal, change.message)
    return replace(lab, reader=change.reader)


async def _patched(parts: Parts, run: RunDocument, patch: dict[str, Any], *, together: bool) -> Change:
    """The run after the patch; a loss or output activation that no longer fits gives way, which is told."""
    try:
        patched = await parts.result(parts.service.patch(run.id, patch, together=together))
        return Change(patched, Refusal() if has_layers(patch) else None)
    except InvalidInput as error:
        relaxed = without_misfits(patch, error)
        if relaxed is None:
            raise
        relaxed_change = await _patched(parts, run, relaxed, together=together)
        told = relaxed_change.message or f"{error.detail} The default was taken."
        return replace(relaxed_change, message=told)


def view_of(request: Request) -> View:
    """How the page that asks looks at its run."""
    return opened(_address(request))[1]


def experiment_of(request: Request) -> Experiment:
    """What stands in the address of the page that asks."""
    return opened(_address(request))[0]


def _address(request: Request) -> str:
    """The query of the page that asks."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).query
