"""Answers that are JSON, or a table as CSV: by Accept, or by `?format=`, for links, which cannot set Accept."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.web.api.describe import JSON, reply
from app.web.api.replies import CSV, csv_text, json_response
from app.web.negotiation import negotiate

TableForm = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="The form of the answer, for links, which cannot set Accept."),
]


def table_reply(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """How such an answer is described; `model` is that of its JSON."""
    content = reply(model, "")[200]["content"] | {CSV: {"schema": {"type": "string"}}}
    return {200: {"description": description, "content": content}}


def table_response(
    request: Request,
    form: Literal["json", "csv"] | None,
    value: object,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> Response:
    """`value` as JSON, or the table as CSV. Raises what `negotiate` raises."""
    csv = form == "csv" if form else negotiate(request, JSON, CSV) == CSV
    response = Response(csv_text(columns, rows), media_type=CSV) if csv else json_response(value)
    response.headers["Vary"] = "Accept"
    return response
