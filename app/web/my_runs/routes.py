"""The page of a visitor's runs, its list, and what is done to several runs at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import RedirectResponse, Response

from app.errors import PlaygroundError
from app.schemas.command import Command, Pause, Play
from app.web.access import Caller, ReadableRun, Visitor
from app.web.lab.answers import form_of
from app.web.lab.pictures import KindPicture, kind_pictures
from app.web.lab.rendering import js_modules, render
from app.web.my_runs.cards import Card, card_of, limits_of, words_of
from app.web.my_runs.choice import SORTS, STATUSES, Choice
from app.web.state import Parts, State

router = APIRouter(include_in_schema=False)

PAGE, LIST = "pages/runs.html", "partials/runs.html"
_MOST_NEWS = 200

_DONE: Final[Mapping[str, str]] = {
    "bin": "in the bin",
    "restore": "back",
    "purge": "removed for good",
    "play": "training",
    "pause": "paused",
}
"""What may be done, and how it is told of the runs afterwards."""


@dataclass(frozen=True)
class RunsList:
    """The list, which the page fetches anew when it has changed."""

    cards: tuple[Card, ...]
    choice: Choice
    found: int
    """How many fit the choice; the first of them are shown."""
    total: int
    """How many there are, here or in the bin."""
    more: str
    """Where more of them are shown; nothing where all are."""
    tags: tuple[str, ...]
    """All that occur."""
    statuses: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    training: int
    message: str
    """What has just been done, or why it was not."""
    refused: bool
    undo: tuple[str, ...]
    """The runs that have just been put into the bin."""


@dataclass(frozen=True)
class RunsPage(RunsList):
    """The whole page."""

    pictures: tuple[KindPicture, ...]
    """Thumbnails of kinds of data, for runs that have no picture of their own."""
    modules: tuple[str, ...]


@dataclass(frozen=True)
class _Outcome:
    message: str = ""
    refused: bool = False
    undo: tuple[str, ...] = ()


@router.get("/runs", response_class=HTMLResponse)
async def my_runs(request: Request, parts: Parts, caller: Caller) -> HTMLResponse:
    """The page, or its list alone where the page asks for it."""
    choice = Choice.of(request.query_params)
    listed = await run_in_threadpool(_list, parts, caller, choice, _Outcome())
    if "HX-Request" in request.headers:
        return render(LIST, listed, headers={"HX-Replace-Url": choice.address})
    names = {field.name: getattr(listed, field.name) for field in fields(listed)}
    return render(PAGE, RunsPage(**names, pictures=kind_pictures(), modules=js_modules("my-runs.js")))


@router.get("/runs/news")
async def news(parts: Parts, caller: Caller, run: Annotated[list[str], Query(max_length=_MOST_NEWS)]) -> JSONResponse:
    """How some of the runs stand now: those that the page shows and that train."""

    def told() -> list[dict[str, object]]:
        return [
            {
                "id": listed.row.id,
                "status": listed.row.status,
                "words": words_of(listed),
                "playing": listed.row.playing,
                "thumbnail": listed.row.thumbnail,
            }
            for listed in parts.service.collection.some(caller, run)
        ]

    return JSONResponse({"runs": await run_in_threadpool(told)})


@router.get("/runs/standing")
async def standing(parts: Parts, caller: Caller) -> JSONResponse:
    """The visitor's runs that train now, for the lab's bar."""
    training = await run_in_threadpool(parts.service.collection.training, caller)
    return JSONResponse({"training": sorted(training)})


@router.post("/runs/act", response_class=HTMLResponse)
async def act(request: Request, parts: Parts, caller: Caller) -> HTMLResponse:
    """Does `action` to every `run` of the form that is the visitor's, and answers with the list as it is then."""
    form = await form_of(request, parts)
    chosen, action = {value for name, value in form if name == "run"}, dict(form).get("action", "")
    choice = Choice.of(dict(form))
    runs = await run_in_threadpool(
        parts.service.collection.owned, caller, chosen, binned=action in ("restore", "purge")
    )
    outcome = await _done(parts, caller, action, runs) if runs and action in _DONE else _Outcome("Nothing was chosen.")
    listed = await run_in_threadpool(_list, parts, caller, choice, outcome)
    return render(LIST, listed)


@router.post("/runs/{run_id}/copy")
async def copy(request: Request, run_id: ReadableRun, parts: Parts, visitor: Visitor) -> Response:
    """Makes a copy of a run that one may look at, and leads to it."""
    run = await run_in_threadpool(parts.service.copy, run_id, visitor)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/runs/{run.id}", HTTPStatus.SEE_OTHER)


async def _done(parts: Parts, caller: str, action: str, runs: list[str]) -> _Outcome:
    refusal = ""
    done: Sequence[str] = runs
    try:
        if action in ("play", "pause"):
            done, refusal = await _commanded(parts, Command(Play() if action == "play" else Pause()), runs)
        else:
            await run_in_threadpool(_moved, parts, caller, action, runs)
    except PlaygroundError as error:
        done, refusal = (), error.detail
    told = f"{len(done)} run{'' if len(done) == 1 else 's'} {_DONE[action]}." if done else ""
    undo = tuple(done) if action == "bin" else ()
    return _Outcome(" ".join(part for part in (told, refusal) if part), refused=bool(refusal), undo=undo)


async def _commanded(parts: Parts, command: Command, runs: list[str]) -> tuple[list[str], str]:
    """Those that obeyed, and what the first that did not had to say. One after the other, since limits count them."""
    done: list[str] = []
    refusal = ""
    for run_id in runs:
        try:
            await parts.result(await run_in_threadpool(parts.service.command, run_id, command))
            done.append(run_id)
        except PlaygroundError as error:
            refusal = refusal or error.detail
    return done, refusal


def _moved(parts: State, caller: str, action: str, runs: list[str]) -> None:
    collection = parts.service.collection
    match action:
        case "bin":
            collection.bin(runs)
        case "restore":
            collection.unbin(caller, runs)
        case _:
            collection.purge(runs)


def _list(parts: State, caller: str, choice: Choice, outcome: _Outcome) -> RunsList:
    collection = parts.service.collection
    runs = collection.listed(caller, binned=choice.bin)
    found = choice.of_these(runs)
    return RunsList(
        cards=tuple(card_of(run) for run in found[: choice.shown]),
        choice=choice,
        found=len(found),
        total=len(runs),
        more=choice.more().address if len(found) > choice.shown else "",
        tags=tuple(sorted({tag for run in runs for tag in run.row.tags}, key=str.casefold)),
        statuses=tuple((name, label) for name, (label, _) in STATUSES.items()),
        sorts=tuple((name, label) for name, (label, _) in SORTS.items()),
        limits=limits_of(collection.standing(caller)),
        training=len(collection.training(caller)),
        message=outcome.message,
        refused=outcome.refused,
        undo=outcome.undo,
    )
