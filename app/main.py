"""The application: parts made, wired together, started and stopped. Whoever serves it calls `create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from app.runs.service import RunService
from app.settings import Settings
from app.settings import settings as process_settings
from app.storage.datasets import DatasetStore
from app.storage.store import Store, open_store
from app.web import api, files, functions, gallery, health, own_points, pages, problems, repairs, resume, shared, state
from app.web.access import limited
from app.web.api import docs, openapi
from app.web.api.arrays import NPZ
from app.web.assets import Assets
from app.web.compare import routes as compare
from app.web.head import HeadMiddleware
from app.web.metrics import Metrics, MetricsMiddleware
from app.web.my_runs import routes as my_runs
from app.web.origin import refuse_other_names, refuse_other_sites
from app.web.rate import Rates
from app.web.security import SecurityMiddleware
from app.web.shutdown import Shutdown, called_on_signals
from app.web.sweeps import routes as sweeps
from app.web.templating import STATIC
from app.web.visitors import VisitorMiddleware, Visitors

# Level 1 costs a fifth of level 9's time and is a few per cent larger.
GZIP_LEVEL = 1
GZIP_MINIMUM_BYTES = 1_000

_PAGES = tuple(
    part.router
    for part in (my_runs, compare, sweeps, pages, shared, gallery, files, own_points, functions, repairs, resume)
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole application; its threads start with its lifespan. Settings are the process's where not given."""
    settings = settings or process_settings()
    store = open_store(settings)
    datasets = DatasetStore(store)
    return assemble(settings, store, datasets, RunService(settings, datasets, store))


def assemble(settings: Settings, store: Store, datasets: DatasetStore, service: RunService) -> FastAPI:
    """The application around parts that are given, which tests make themselves."""
    metrics = Metrics(service)
    parts = state.State(
        settings, store, datasets, service, metrics, Shutdown(), Visitors(settings, store), Rates(settings)
    )
    app = FastAPI(
        title="NN Playground",
        version=version("nn-playground"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(refuse_other_names), Depends(refuse_other_sites)],
        middleware=[
            Middleware(HeadMiddleware),
            Middleware(SecurityMiddleware, settings=settings),
            Middleware(VisitorMiddleware),
            Middleware(MetricsMiddleware, metrics=metrics),
            Middleware(
                GZipMiddleware,
                minimum_size=GZIP_MINIMUM_BYTES,
                compresslevel=GZIP_LEVEL,
                exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *NPZ),
            ),
        ],
    )
    state.install(app, parts)
    problems.install(app)
    openapi.install(app)
    app.include_router(health.router)
    for part in (docs.problem_router, api.router, *_PAGES):
        app.include_router(part, dependencies=[Depends(limited)])
    app.mount("/static", Assets(STATIC), name="static")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    parts = state.of(app)
    parts.service.start()
    try:
        with called_on_signals(parts.shutdown.begin):
            yield
    finally:
        parts.shutdown.begin()
        parts.service.stop()
