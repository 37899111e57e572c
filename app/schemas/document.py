"""The base of every document: frozen, closed, strict; and how its errors are told to people.

All documents enter through `parse`, so that JSON from a body, a URL, a file or a merge patch meets the same rules.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, from_json, to_json

from app.errors import FieldError, InvalidInput, MalformedInput

Model = TypeVar("Model", bound=BaseModel)


class Document(BaseModel):
    """Base class: unknown fields, wrong types, NaN and infinities are errors; instances never change."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def kind_of(default: str) -> Callable[[Any], str]:
    """A discriminator for unions tagged by `kind` in which a missing `kind` means `default`."""

    def discriminate(value: Any) -> str:
        kind = value.get("kind", default) if isinstance(value, dict) else getattr(value, "kind", default)
        return kind if isinstance(kind, str) else repr(kind)

    return discriminate


def parse(model: type[Model], text: str | bytes) -> Model:
    """The document that JSON `text` describes.

    Raises MalformedInput where the text is not JSON (or nested too deeply), InvalidInput with the path of each bad
    field where it breaks the model's rules.
    """
    try:
        value = from_json(text, allow_inf_nan=True)
    except ValueError as error:
        raise MalformedInput(f"This is not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidInput("The document must be a JSON object.", (FieldError("", "must be an object"),))
    return parse_value(model, value)


def parse_value(model: type[Model], value: dict[str, Any]) -> Model:
    """Like `parse`, from a value made of JSON's types."""
    try:
        return model.model_validate_json(to_json(value, inf_nan_mode="constants"))
    except ValidationError as error:
        raise InvalidInput(*explain(error, value)) from None


def explain(error: ValidationError, value: object) -> tuple[str, tuple[FieldError, ...]]:
    """A sentence and the list of bad fields, with paths as the reader wrote them (union tags taken out)."""
    fields = tuple(FieldError(_path(detail, value), _message(detail)) for detail in error.errors())
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return f"{first.path or 'The document'}: {first.message}{more}.", fields


def _path(detail: ErrorDetails, value: object) -> str:
    """Walks the location along the given value: a step that the value lacks is a union's tag, unless it is missing."""
    steps: list[str] = []
    for step in detail["loc"]:
        inside = isinstance(value, dict) and (step in value or (detail["type"] == "missing" and step == detail["loc"][-1]))
        if inside or (isinstance(value, list) and isinstance(step, int)):
            steps.append(str(step))
            value = value.get(step) if isinstance(value, dict) else value[step : step + 1] and value[step]
    if detail["type"] == "union_tag_invalid":
        steps.append("kind")
    return ".".join(steps)


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail.get("ctx", {}).get("error", detail["msg"]))
    if detail["type"] == "extra_forbidden":
        return "unknown field"
    if detail["type"] == "union_tag_invalid":
        context = detail.get("ctx", {})
        return f"{context['tag']!r} is not one of {context['expected_tags']}"
    message = detail["msg"]
    return message[0].lower() + message[1:]
