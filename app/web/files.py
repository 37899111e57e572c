"""Saving the Experiment of a run as a file, and opening such a file in a run."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic_core import to_json
from starlette.responses import Response

from app.errors import FieldError, PlaygroundError
from app.web.access import Caller, OwnRun, ReadableRun
from app.web.api.replies import file_response
from app.web.lab.answers import form_of
from app.web.lab.experiment_file import experiment_of_file, file_document
from app.web.lab.opening import begin
from app.web.lab.rendering import render
from app.web.lab.titles import file_name_of, title_of
from app.web.state import Parts

router = APIRouter(prefix="/runs/{run_id}/file", include_in_schema=False)

PROBLEM = "partials/file_problem.html"
IN_ITS_DIALOG = {"HX-Retarget": "#file-problem", "HX-Reswap": "innerHTML"}


@dataclass(frozen=True)
class FileProblem:
    """Why a file was not opened."""

    name: str
    detail: str
    fields: tuple[FieldError, ...]


@router.get("")
async def save(run_id: ReadableRun, parts: Parts) -> Response:
    """The Experiment as a JSON file, uploaded points included."""
    experiment = (await parts.result(parts.service.run(run_id))).experiment
    document = await run_in_threadpool(file_document, experiment, parts.datasets)
    name = f"{file_name_of(title_of(experiment))}.json"
    return file_response(to_json(document, indent=2) + b"\n", "application/json", name)


@router.post("", response_class=HTMLResponse)
async def open_file(request: Request, run_id: OwnRun, parts: Parts, caller: Caller) -> HTMLResponse:
    """Begins the Experiment in the form's `text`, or says what is wrong with the file that is called `name`."""
    name = ""
    try:
        form = dict(await form_of(request, parts))
        name = form.get("name", "")
        text = form.get("text", "").encode()
        experiment = await run_in_threadpool(experiment_of_file, text, parts.datasets, caller)
        return await begin(request, parts, run_id, experiment)
    except PlaygroundError as error:
        problem = FileProblem(name or "The file", error.detail, error.errors)
        return render(PROBLEM, problem, error.status, IN_ITS_DIALOG)
