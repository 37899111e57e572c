"""The REST interface, all of it under /api/v1: what the page can do, programs can do."""

from fastapi import APIRouter

from app.web.api import arrays, catalog, datasets, docs, events, runs
from app.web.api.replies import BASE

router = APIRouter(prefix=BASE)
for part in (catalog, runs, events, arrays, datasets, docs):
    router.include_router(part.router)
