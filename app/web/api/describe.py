"""What the OpenAPI document says of bodies that are read by hand: schemas by name, examples that run, problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from app.web.problems import MEDIA_TYPE as PROBLEM_MEDIA_TYPE
from app.web.problems import Problem

JSON = "application/json"
Description = dict[str, Any]
Responses = dict[int | str, Description]


@dataclass(frozen=True)
class Example:
    """A body that can be sent as it is; a test does."""

    name: str
    summary: str
    value: object


def reference(model: type[BaseModel]) -> Description:
    """A reference to the schema of `model`, which app.web.api.openapi puts into the document."""
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def body(
    model: type[BaseModel] | None,
    examples: Sequence[Example],
    *,
    media_types: Sequence[str] = (JSON,),
    required: bool = True,
) -> Description:
    """For `openapi_extra`: a request body of JSON that follows `model`, or of any JSON object."""
    content = {
        "schema": reference(model) if model else {"type": "object"},
        "examples": {example.name: {"summary": example.summary, "value": example.value} for example in examples},
    }
    return {"requestBody": {"required": required, "content": dict.fromkeys(media_types, content)}}


def reply(model: type[BaseModel], description: str) -> Responses:
    """For `responses`: a reply of JSON that follows `model`."""
    return {200: {"description": description, "content": {JSON: {"schema": reference(model)}}}}


def created(model: type[BaseModel], description: str) -> Responses:
    """For `responses`: the same of something new, whose address comes with it."""
    location = {"description": "Its address.", "required": True, "schema": {"type": "string"}}
    return {201: reply(model, description)[200] | {"headers": {"Location": location}}}


def problems(*statuses: int) -> Responses:
    """For `responses`: the ways in which a request can fail. Any can fail with 500."""
    content = {PROBLEM_MEDIA_TYPE: {"schema": reference(Problem)}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in (*statuses, 500)}
