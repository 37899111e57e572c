"""The REST interface, all of it under /api/v1: what the page can do, programs can do."""

from fastapi import APIRouter
from starlette.responses import Response

from app.web.api import (
    arrays,
    catalog,
    comparisons,
    datasets,
    docs,
    events,
    keeping,
    pictures,
    presets,
    runs,
    sharing,
    sweeps,
)
from app.web.api.replies import BASE

# Routes say themselves what they answer with; the framework must not add JSON.
router = APIRouter(prefix=BASE, default_response_class=Response)
for part in (catalog, presets, runs, comparisons, sweeps, keeping, sharing, events, arrays, pictures, datasets, docs):
    router.include_router(part.router)
