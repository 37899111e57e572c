"""The base of every document: frozen, closed, strict; and how its errors are told to people.

All documents enter through `parse`, so that JSON from a body, a URL, a file or a merge patch meets the same rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, JsonValue, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, from_json, to_json
from pydantic_core.core_schema import TaggedUnionSchema

from app.errors import FieldError, InvalidInput, MalformedInput

Model = TypeVar("Model", bound=BaseModel)

_MAX_ERRORS = 50


class Document(BaseModel):
    """Base class: unknown fields, wrong types, NaN and infinities are errors; instances never change."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def kind_of(default: str) -> Callable[[object], str]:
    """A discriminator for unions tagged by `kind` in which a missing `kind` means `default`."""

    def discriminate(value: object) -> str:
        if isinstance(value, dict):
            kind = cast("dict[str, object]", value).get("kind", default)
        else:
            kind = getattr(value, "kind", default)
        return kind if isinstance(kind, str) else repr(kind)

    return discriminate


@dataclass(frozen=True)
class TagRequired:
    """Has the JSON Schema of a tagged union say what the union demands: only its default member goes without `tag`."""

    tag: str
    default: str | None = None

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        # The members' own schemas may not be known yet, but in what order their tags are is.
        choices = cast("TaggedUnionSchema", core_schema)["choices"]
        for tag, member in zip(choices, schema["oneOf"], strict=True):
            if tag != self.default:
                member["required"] = [self.tag]
        return schema


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
    return parse_value(model, cast("dict[str, Any]", value))


def parse_value(model: type[Model], value: Mapping[str, Any]) -> Model:
    """Like `parse`, from a value made of JSON's types."""
    try:
        text = to_json(value, inf_nan_mode="constants")
    except ValueError as error:
        raise MalformedInput(f"This cannot be written as JSON: {error}.") from None
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InvalidInput(*explain(error, dict(value))) from None


def explain(error: ValidationError, value: JsonValue) -> tuple[str, tuple[FieldError, ...]]:
    """A sentence and the first bad fields, with paths as the reader wrote them (union tags taken out)."""
    details = error.errors()
    fields = tuple(FieldError(_path(detail, value), _message(detail)) for detail in details[:_MAX_ERRORS])
    first = fields[0]
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{first.path or 'The document'}: {first.message}{more}.", fields


def _path(detail: ErrorDetails, value: JsonValue) -> str:
    """Walks the location along the given value: a step that the value lacks is a union's tag, unless it is missing."""
    steps: list[str] = []
    tag_due = True
    for step in detail["loc"]:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        elif isinstance(value, dict) and isinstance(step, str):
            # The tag of the union that `value` belongs to may be the name of a field, too.
            is_tag = tag_due and step in (value.get("kind"), value.get("type"))
            missing = detail["type"] == "missing" and step == detail["loc"][-1]
            if is_tag or (step not in value and not missing):
                tag_due = False
                continue
            value = value.get(step)
        else:
            continue
        tag_due = True
        steps.append(str(step))
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        steps.append("type" if detail.get("ctx", {}).get("discriminator") == "'type'" else "kind")
    return ".".join(steps)


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail.get("ctx", {}).get("error", detail["msg"]))
    if detail["type"] == "union_tag_not_found":
        return "field required"
    if detail["type"] == "extra_forbidden":
        return "unknown field"
    if detail["type"] == "union_tag_invalid":
        context = detail.get("ctx", {})
        return f"{context['tag']!r} is not one of {context['expected_tags']}"
    message = detail["msg"]
    return message[0].lower() + message[1:]
