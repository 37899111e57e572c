"""JSON Schemas as tables for people: each property with its type, bounds and default in words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}


@dataclass(frozen=True)
class SchemaField:
    """One property."""

    name: str
    type: str
    links: tuple[str, ...]
    """The schemas that it may follow."""
    default: str
    """As JSON; empty where it has none."""
    description: str


@dataclass(frozen=True)
class SchemaTable:
    """One schema with what it may hold."""

    name: str
    paragraphs: tuple[str, ...]
    fields: tuple[SchemaField, ...]
    alternatives: tuple[str, ...]
    """For a union, the schemas that it unites."""


def schema_table(name: str, schema: Json) -> SchemaTable:
    """The table of one named schema."""
    required = schema.get("required", ())
    fields = tuple(
        SchemaField(
            name=property_name,
            type=type_text(rules) + (", required" if property_name in required else ""),
            links=tuple(_links(rules)),
            default=json.dumps(rules["default"]) if rules.get("default") is not None else "",
            description=rules.get("description", ""),
        )
        for property_name, rules in schema.get("properties", {}).items()
    )
    paragraphs = tuple(" ".join(part.split()) for part in schema.get("description", "").split("\n\n") if part)
    alternatives = () if fields else tuple(_links(schema))
    return SchemaTable(name, paragraphs, fields, alternatives)


def reference_name(rules: Json) -> str:
    """The name of the schema that `rules` refer to; empty where they do not refer to one."""
    return rules.get("$ref", "").rpartition("/")[2]


def type_text(rules: Json) -> str:
    """A property's type and bounds in words."""
    options = rules.get("anyOf") or rules.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(type_text(option) for option in options))
    if "$ref" in rules:
        return reference_name(rules)
    if "const" in rules:
        return json.dumps(rules["const"])
    if "enum" in rules:
        return "one of " + ", ".join(json.dumps(choice) for choice in rules["enum"])
    bounds = [text.format(f"{rules[key]:,}") for key, text in _BOUNDS.items() if key in rules]
    return ", ".join([_plain_type(rules), *bounds])


def _plain_type(rules: Json) -> str:
    kind = rules.get("type", "anything")
    if kind != "array":
        return kind
    items = rules.get("items") or next(iter(rules.get("prefixItems", ())), None)
    return f"array of ({type_text(items)})" if items else "array"


def _links(rules: Json) -> Iterator[str]:
    """The names of all schemas that `rules` refer to, in order."""
    if name := reference_name(rules):
        yield name
    for option in (*rules.get("anyOf", ()), *rules.get("oneOf", ())):
        yield from _links(option)
    for key in ("items", "additionalProperties"):
        inner: Json | bool = rules.get(key, False)
        if not isinstance(inner, bool):
            yield from _links(inner)
