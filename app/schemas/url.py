"""The compact URL form of an Experiment: a query string that names only what differs from the defaults.

    data.kind=spiral&data.features=x1,x2,x1*x2&network.layers.0.units=8&network.layers.0.activation=relu

Nested fields are joined by dots, lists of scalars by commas, rows of numbers by semicolons; an empty list is an empty
value. People can read and edit it, and it round-trips.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from app.errors import InvalidInput
from app.schemas.experiment import Experiment, PlaneExperiment, default_experiment, read_experiment, union_member
from app.schemas.network import DenseLayer

_DEFAULT_LAYER = DenseLayer().model_dump(mode="json")
_LAYERS = "network.layers"
_LISTS = ("data.features", "data.columns", _LAYERS)
_ROWS = ("data.points", "data.domain")
_MAX_LENGTH = 20_000
_MAX_DEPTH = 6
_LONG_NUMBER = 1e15


def to_query(experiment: Experiment) -> str:
    """The query string (without `?`), empty for the default Experiment."""
    pairs: list[tuple[str, str]] = []
    default = default_experiment(experiment.family).document() | {"family": PlaneExperiment().family}
    _flatten(experiment.document(), default, "", pairs)
    return "&".join(f"{key}={quote(value, safe='*,;^()')}" for key, value in pairs)


def from_query(query: str) -> Experiment:
    """The Experiment that a query string describes. Raises InvalidInput with the path of each bad field."""
    if len(query) > _MAX_LENGTH:
        raise InvalidInput("The address is too long to be an experiment.")
    return read_experiment(typed_document(parse_qsl(query, keep_blank_values=True)))


def typed_document(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The nested document that dotted names and their texts stand for, unchecked: forms are written in this way, too.

    Raises InvalidInput where names contradict each other.
    """
    nested: dict[str, JsonValue] = {}
    for key, value in fields:
        _insert(nested, key, value)
    return {key: _typed(item, key) for key, item in nested.items()}


def _flatten(value: JsonValue, default: JsonValue, path: str, pairs: list[tuple[str, str]]) -> None:
    if value == default:
        return
    if isinstance(value, dict):
        base = _defaults(path, value, default)
        for key in sorted(value, key="kind".__ne__):  # first of all, the kind
            _flatten(value[key], base.get(key), f"{path}.{key}" if path else key, pairs)
    elif isinstance(value, list) and value and path == _LAYERS:
        for index, layer in enumerate(value):
            if isinstance(layer, dict):
                _flatten_layer(layer, f"{path}.{index}", pairs)
    elif isinstance(value, list):
        pairs.append((path, _join(value)))
    else:
        pairs.append((path, _scalar(value)))


def _flatten_layer(layer: dict[str, JsonValue], path: str, pairs: list[tuple[str, str]]) -> None:
    """Its units or its kind are always named, because a layer of nothing but defaults must be counted, too."""
    if layer.keys() == _DEFAULT_LAYER.keys():
        named, default = "units", _DEFAULT_LAYER
    else:
        named, default = "kind", _defaults(_LAYERS, layer, None)
    pairs.append((f"{path}.{named}", _scalar(layer[named])))
    _flatten({**layer, named: default.get(named)}, default, path, pairs)


def _defaults(path: str, value: dict[str, JsonValue], default: JsonValue) -> dict[str, JsonValue]:
    """The defaults of the kind that `value` is of, which need not be the kind of `default`; but `kind` is told then."""
    usual = default if isinstance(default, dict) else {}
    member = union_member(path, value.get("kind"))
    if member is None or value.get("kind") == usual.get("kind"):
        return usual
    fields = member.model_fields.items()
    defaults = {name: to_jsonable_python(field.default) for name, field in fields if not field.is_required()}
    return {**defaults, "kind": usual.get("kind")}


def _join(items: list[JsonValue]) -> str:
    if items and isinstance(items[0], list):
        return ";".join(_join(row) for row in items if isinstance(row, list))
    return ",".join(_scalar(item) for item in items)


def _scalar(value: JsonValue) -> str:
    """JSON's text, but strings bare wherever they would not be taken for something else."""
    if isinstance(value, str):
        return value if value_of(value) == value else json.dumps(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _LONG_NUMBER:
        return str(int(value))
    return json.dumps(value)


def value_of(text: str) -> JsonValue:
    """The JSON value that a text stands for, which is the text itself where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _insert(nested: dict[str, JsonValue], key: str, value: str) -> None:
    steps = key.split(".")
    if len(steps) > _MAX_DEPTH:
        raise InvalidInput.at(key, "nested too deeply")
    for step in steps[:-1]:
        inner = nested.setdefault(step, {})
        if not isinstance(inner, dict):
            raise InvalidInput.at(key, "contradicts another part")
        nested = inner
    if isinstance(nested.get(steps[-1]), dict):
        raise InvalidInput.at(key, "contradicts another part")
    nested[steps[-1]] = value


def _typed(value: JsonValue, path: str) -> JsonValue:
    """Strings become the JSON values that they stand for, numbered keys of layers become a list."""
    if isinstance(value, str):
        if path in _ROWS:
            return [[value_of(item) for item in row.split(",")] for row in value.split(";")]
        if path in _LISTS:
            return [value_of(item) for item in value.split(",")] if value else []
        return value_of(value)
    if not isinstance(value, dict):
        return value
    if path == _LAYERS:
        numbers = [str(index) for index in range(len(value))]
        if sorted(value) != sorted(numbers):
            raise InvalidInput.at(path, "must be numbered from 0")
        return [_typed(value[number], "") for number in numbers]
    return {key: _typed(item, f"{path}.{key}") for key, item in value.items()}
