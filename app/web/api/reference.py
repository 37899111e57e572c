"""The OpenAPI document as a reader wants it: calls with commands to paste, schemas as tables, kinds of problems."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.families.registry import FAMILIES
from app.web.api.datasets import SNAPSHOTS
from app.web.api.replies import BASE
from app.web.api.schema_tables import SchemaTable, reference_name, schema_table
from app.web.problems import ProblemKind, problem_kinds

Json = Mapping[str, Any]

# Ids in examples are shell variables, so that examples can be pasted one after the other.
VARIABLES = {
    "{dataset_id}/pictures/{index}": "$PICTURES/pictures/0",
    "{run_id}": "$RUN",
    "{dataset_id}": "$DATASET",
    "{sweep_id}": "$SWEEP",
}
QUERIES = {
    ("get", f"{BASE}/comparisons"): "?runs=$RUN",
    ("get", f"{BASE}/events"): "?runs=$RUN&parts=points,metrics",
    ("get", f"{BASE}/runs/{{run_id}}/events"): "?parts=points,metrics",
    ("get", f"{BASE}/runs/{{run_id}}/explain"): "?kind=unit&row=0&layer=0&channel=0&y=3&x=3",
    ("post", f"{BASE}/runs/{{run_id}}/explain"): "?kind=maps",
}
OF_PICTURES = "pictures"
"""The tag of calls that want a run that learns from pictures."""
_PICTURE_RUN = {"family": next(name for name, family in FAMILIES.items() if family.sees == "pictures")}


@dataclass(frozen=True)
class Parameter:
    """Something in the address or a header."""

    name: str
    place: str
    required: bool
    description: str


@dataclass(frozen=True)
class CurlExample:
    """A command line that can be run."""

    summary: str
    command: str


@dataclass(frozen=True)
class Reply:
    """One way in which a call can end."""

    status: str
    description: str
    media_types: tuple[str, ...]
    schema: str
    """The name of its body's schema; empty where it has none."""


@dataclass(frozen=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: str
    """The name of its body's schema; empty where it has none."""
    body_media_types: tuple[str, ...]
    examples: tuple[CurlExample, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class ApiPage:
    """What templates/pages/api.html is given as `page`."""

    title: str
    version: str
    paragraphs: tuple[str, ...]
    server: str
    """The address that this page was asked from, without a path."""
    pictures: str
    """The JSON of some pictures to upload, as a word of a shell."""
    picture_run: str
    """The JSON of an Experiment on pictures, likewise."""
    operations: tuple[Operation, ...]
    schemas: tuple[SchemaTable, ...]
    problems: tuple[ProblemKind, ...]


def api_page(document: Json, server: str) -> ApiPage:
    """The page for an OpenAPI document, with commands for the server at the address `server`."""
    info = document["info"]
    return ApiPage(
        title=info["title"],
        version=info["version"],
        paragraphs=_paragraphs(info["description"]),
        server=server,
        pictures=shlex.quote(json.dumps(SNAPSHOTS)),
        picture_run=shlex.quote(json.dumps(_PICTURE_RUN)),
        operations=tuple(
            _operation(server, path, method, described)
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ),
        schemas=tuple(schema_table(name, schema) for name, schema in sorted(document["components"]["schemas"].items())),
        problems=tuple(problem_kinds()),
    )


def _operation(server: str, path: str, method: str, described: Json) -> Operation:
    content: Json = described.get("requestBody", {}).get("content", {})
    return Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described["summary"],
        paragraphs=_paragraphs(described.get("description", "")),
        parameters=tuple(
            Parameter(item["name"], item["in"], item.get("required", False), item.get("description", ""))
            for item in described.get("parameters", ())
        ),
        body=_schema(content),
        body_media_types=tuple(content),
        examples=tuple(_examples(server, path, method, content, of_pictures=OF_PICTURES in described["tags"])),
        replies=tuple(
            Reply(status, reply["description"], tuple(reply.get("content", ())), _schema(reply.get("content", {})))
            for status, reply in sorted(described["responses"].items())
        ),
    )


def _examples(server: str, path: str, method: str, content: Json, *, of_pictures: bool) -> Iterator[CurlExample]:
    with_run = path.replace("{run_id}", "$PICTURE_RUN") if of_pictures else path
    address = f'"{server}{_with_variables(with_run)}{QUERIES.get((method, path), "")}"'
    if not content:
        flags = "-s" if method == "get" else f"-s -X {method.upper()}"
        flags += "N" if path.endswith("/events") else " -OJ" if path.endswith(("/parameters", "/file")) else ""
        first = f'curl -s -X DELETE "{server}{BASE}/runs/$RUN" && ' if path.endswith("/restore") else ""
        yield CurlExample("", f"{first}curl {flags} {address}")
        return
    shown: set[str] = set()
    for media_type, form in content.items():
        for name, example in form.get("examples", {}).items():
            if name in shown:  # in another media type
                continue
            shown.add(name)
            text = example["value"] if isinstance(example["value"], str) else json.dumps(example["value"])
            header = f"-H 'Content-Type: {media_type}'"
            command = f"curl -s -X {method.upper()} {address} {header} --data-binary {shlex.quote(text)}"
            yield CurlExample(example["summary"], command)


def _with_variables(path: str) -> str:
    for name, variable in VARIABLES.items():
        path = path.replace(name, variable)
    return path


def _schema(content: Json) -> str:
    return next(filter(None, (reference_name(described["schema"]) for described in content.values())), "")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip())
