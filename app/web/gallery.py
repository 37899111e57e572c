"""The gallery of presets, and opening an Experiment by its address: a preset's, or one that the browser remembers."""

from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.errors import PlaygroundError
from app.presets.library import presets, thumbnail
from app.presets.preset import Preset
from app.web.access import OwnRun
from app.web.lab.answers import Change, form_of, lab_response, opened, run_of
from app.web.lab.opening import begin
from app.web.lab.rendering import render
from app.web.lab.view import View, address_of
from app.web.state import Parts

router = APIRouter(include_in_schema=False)

GALLERY = "partials/gallery.html"


@dataclass(frozen=True)
class Card:
    """One preset."""

    preset: Preset
    address: str
    """Where it can be opened, too."""
    thumbnail: str
    """A Thumbnail as JSON."""


@dataclass(frozen=True)
class Gallery:
    """What the gallery shows."""

    cards: tuple[Card, ...]
    tags: tuple[str, ...]
    """All that occur, in the order in which they first do."""


@router.get("/gallery", response_class=HTMLResponse)
def read_gallery() -> HTMLResponse:
    """All presets as cards."""
    return render(GALLERY, gallery())


@router.post("/runs/{run_id}/open", response_class=HTMLResponse)
async def open_address(request: Request, run_id: OwnRun, parts: Parts) -> HTMLResponse:
    """Begins the Experiment in the form's `address` in this run; how the page is looked at stays as it is."""
    address = dict(await form_of(request, parts)).get("address", "")
    experiment, _, error = opened(address.partition("?")[2])
    if error is None:
        try:
            return await begin(request, parts, run_id, experiment)
        except PlaygroundError as refused:
            error = refused
    change = Change(await run_of(request, parts, run_id), message=error.detail, status=error.status)
    return await lab_response(request, parts, change)


@cache
def gallery() -> Gallery:
    """The gallery, made once."""
    cards = tuple(
        Card(preset, address_of(preset.experiment, View()), thumbnail(preset.id).model_dump_json())
        for preset in presets()
    )
    return Gallery(cards, tuple(dict.fromkeys(tag for card in cards for tag in card.preset.tags)))
