"""What the application holds for its routes, and how a route gets at it."""

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Depends, FastAPI, Path, Request
from starlette.exceptions import HTTPException

from app.runs.service import RunService
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import Store
from app.web.metrics import Metrics
from app.web.rate import Rates
from app.web.shutdown import Shutdown
from app.web.visitors import Visitors

Result = TypeVar("Result")


@dataclass(frozen=True)
class State:
    """One application's parts."""

    settings: Settings
    store: Store
    datasets: DatasetStore
    service: RunService
    metrics: Metrics
    shutdown: Shutdown
    visitors: Visitors
    rates: Rates

    @property
    def limit(self) -> int:
        """The largest body, in bytes."""
        return self.settings.max_body_bytes

    async def result(self, future: Future[Result]) -> Result:
        """What app.runs answers. 503 if the server ends first; the run's thread goes on either way."""
        with self.shutdown.scope():
            return await asyncio.shield(asyncio.wrap_future(future))
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "The server is about to end.")


def install(app: FastAPI, state: State) -> None:
    """Hand `state` to the routes of `app`."""
    app.state.parts = state


def of(app: FastAPI) -> State:
    """What `install` handed over."""
    return app.state.parts


def _of_request(request: Request) -> State:
    return of(request.app)


RunId = Annotated[str, Path(description="The run's id.")]
Parts = Annotated[State, Depends(_of_request)]
