"""Errors as RFC 9457 problem details: one shape everywhere, rendered as a page for people who browse.

Owns how every error becomes a response, those of the framework included; which errors there are is app.errors' affair.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from pydantic_core import to_json
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from app.errors import FieldError, InvalidInput, LimitReached, PlaygroundError
from app.schemas.document import Document
from app.web.negotiation import choose
from app.web.routing import route_pattern
from app.web.security import security_headers
from app.web.state import of
from app.web.templating import TEMPLATES, has_template

_logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PAGE = "pages/problem.html"
MAX_ERRORS = 100
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


# What goes wrong in HTTP itself, before anything that app.errors knows of.
HTTP_PROBLEMS = {
    HTTPStatus.UNAUTHORIZED: "The token in the header Authorization is not known.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The address knows other methods only; the header Allow names them.",
    HTTPStatus.NOT_ACCEPTABLE: "The Accept header allows none of the media types that there are.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not come in time.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is declared to be something that cannot be read here.",
    HTTPStatus.MISDIRECTED_REQUEST: "The server is for one user of its machine, and was called by another name.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is not ready yet, or about to end.",
}


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem, as the documentation lists it."""

    slug: str
    """The end of its `type`."""
    title: str
    status: int
    description: str


class ProblemField(Document):
    """One bad field."""

    path: str
    """Where: fields joined by dots (`training.batch_size`), or `line 3, column 2` of a file."""
    message: str
    """What is wrong with it."""


class Problem(Document):
    """What went wrong (RFC 9457)."""

    type: str
    """The kind of problem, as an address that explains it."""
    title: str
    """The kind of problem in words."""
    status: int
    """The HTTP status of the response."""
    detail: str
    """What went wrong this time, and what to do about it."""
    errors: tuple[ProblemField, ...] = Field(default=(), max_length=MAX_ERRORS)
    """Each bad field, where input was bad; the first 100 of them."""


def problem_of(error: PlaygroundError) -> Problem:
    """The problem that an error of the tree stands for."""
    return Problem(
        type=f"/problems/{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        errors=tuple(ProblemField(path=field.path, message=field.message) for field in error.errors[:MAX_ERRORS]),
    )


def problem_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a page where a browser (or htmx) asked for one outside /api, as problem+json everywhere else."""
    in_api = request.url.path.startswith("/api/")
    for_people = "hx-request" in request.headers or choose(request, MEDIA_TYPE, "text/html") == "text/html"
    if not in_api and for_people and has_template(PAGE):
        return TEMPLATES.TemplateResponse(
            request, PAGE, {"problem": problem}, status_code=problem.status, headers=headers
        )
    return Response(to_json(problem), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def problem_kinds() -> Iterator[ProblemKind]:
    """Every kind of problem: those of the tree of errors, parents first, then those of HTTP alone."""
    waiting: list[type[PlaygroundError]] = [PlaygroundError]
    while waiting:
        kind = waiting.pop(0)
        yield ProblemKind(kind.slug, kind.title, kind.status, (kind.__doc__ or "").partition("\n")[0])
        waiting.extend(kind.__subclasses__())
    for status, description in HTTP_PROBLEMS.items():
        yield ProblemKind(_slug(status), status.phrase.capitalize(), status, description)


def install(app: FastAPI) -> None:
    """Make every error of `app` answer in the one shape."""
    app.add_exception_handler(PlaygroundError, _playground_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _bad_query)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    app.add_exception_handler(OperationalError, _storage_away)
    app.add_exception_handler(Exception, _unexpected)


async def _playground_error(request: Request, error: Exception) -> Response:
    after = error.retry_after if isinstance(error, LimitReached) else None
    headers = {} if after is None else {"Retry-After": str(after)}
    return problem_response(request, problem_of(cast(PlaygroundError, error)), headers)


async def _http_exception(request: Request, error: Exception) -> Response:
    """Errors of the framework and of this layer alone: unknown routes, methods, media types."""
    exception = cast(HTTPException, error)
    status = HTTPStatus(exception.status_code)
    detail, headers = exception.detail, dict(exception.headers or {})
    if status == HTTPStatus.NOT_FOUND and detail == status.phrase:
        detail = f"There is nothing at {request.url.path}."
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
        detail = f"{request.method} is not possible at {request.url.path}, only {headers['Allow']}."
    problem = Problem(type=f"/problems/{_slug(status)}", title=status.phrase.capitalize(), status=status, detail=detail)
    return problem_response(request, problem, headers)


async def _bad_query(request: Request, error: Exception) -> Response:
    """What FastAPI found wrong with query, path or headers; bodies are parsed by app.schemas.document."""
    details = cast(RequestValidationError, error).errors()
    fields = tuple(FieldError(".".join(str(step) for step in item["loc"][1:]), item["msg"]) for item in details)
    first = fields[0]
    return problem_response(request, problem_of(InvalidInput(f"{first.path}: {first.message}.", fields)))


async def _disconnected(request: Request, error: Exception) -> Response:
    """The client left before its request was read; nobody reads this."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _storage_away(request: Request, error: Exception) -> Response:
    """The disk is full, or the database is away; it may be back in a moment."""
    _logger.error("storage failed", exc_info=error, extra={"route": route_pattern(request.scope), "status": 503})
    detail = "The server cannot reach what it keeps now. Its runs go on; try again in a moment."
    return await _http_exception(request, HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"}))


async def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of the program: the log has the traceback, the client does not."""
    _logger.error("a request failed", exc_info=error, extra={"route": route_pattern(request.scope), "status": 500})
    problem = Problem(
        type=f"/problems/{PlaygroundError.slug}",
        title=PlaygroundError.title,
        status=500,
        detail="The server made a mistake. It is in the server's log; the server and its runs go on.",
    )
    # This answer comes from outside of the middleware that adds them to all others.
    return problem_response(request, problem, security_headers(of(request.app).settings))


def _slug(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")


def _allowed_methods(request: Request) -> list[str]:
    """Every method that some route has for this path (the framework names those of the first route only)."""
    routes = cast(FastAPI, request.app).routes
    allowed = [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ["HEAD", *allowed] if "GET" in allowed else allowed  # app.web.head turns HEAD into GET
