"""What a caller may see and change, as dependencies of routes: a run's id that comes through here has been checked.

A run of somebody else is a run that does not exist: both answer in the same words.
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.errors import Forbidden, NotFound
from app.runs.shelf import Access
from app.web.state import Parts, RunId, State
from app.web.visitors import NOBODY


async def limited(request: Request, parts: Parts) -> str:
    """The visitor who asks, or NOBODY, after the request was counted. Raises LimitReached; answers 401."""
    try:
        visitor = await parts.visitors.known(request)
    except HTTPException:
        await parts.rates.newcomer(request)  # so that nobody can try many tokens
        raise
    await parts.rates.request(request, visitor)
    return visitor


Caller = Annotated[str, Depends(limited)]
"""The visitor who asks, or NOBODY."""


async def _made_visitor(request: Request, parts: Parts, caller: Caller) -> str:
    if caller == NOBODY:
        await parts.rates.newcomer(request)
    return parts.visitors.keep(request, caller)


Visitor = Annotated[str, Depends(_made_visitor)]
"""The visitor who asks, with a cookie to be known by from now on: for whoever is about to own something."""


async def readable(run_id: str, parts: State, caller: str) -> str:
    """`run_id`, where the caller may look at that run. Raises NotFound."""
    await _access(run_id, parts, caller)
    return run_id


async def _access(run_id: str, parts: State, caller: str) -> Access:
    """In a thread, unless the run is the caller's and awake: else it may have to be read."""
    if parts.service.owns_awake(run_id, caller):
        return "owner"
    return await run_in_threadpool(parts.service.access, run_id, caller)


async def _readable(run_id: RunId, parts: Parts, caller: Caller) -> str:
    return await readable(run_id, parts, caller)


async def _own(run_id: RunId, parts: Parts, caller: Caller) -> str:
    if await _access(run_id, parts, caller) == "reader":
        raise Forbidden("This run was shared with you to look at. Make a copy of it to change that.")
    return run_id


ReadableRun = Annotated[str, Depends(_readable)]
"""The id of a run that the caller made, or that was shared with the caller."""
OwnRun = Annotated[str, Depends(_own)]
"""The id of a run that the caller made."""


async def own_dataset(dataset_id: str, parts: State, caller: str) -> None:
    """Raises NotFound, as for a dataset that is not there, where the caller has not uploaded it."""
    if not await run_in_threadpool(parts.store.owns_dataset, dataset_id, caller):
        raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")
