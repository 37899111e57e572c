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
    explain,
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
_OF_RUNS = (runs, comparisons, sweeps, keeping, sharing, events, arrays, pictures, explain)
for part in (catalog, presets, *_OF_RUNS, datasets, docs):
    router.include_router(part.router)
