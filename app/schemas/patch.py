"""RFC 7396 merge patches on an Experiment, with one addition for unions.

Arrays are replaced whole, null removes a field (its default returns). When the `kind` of an object changes,
siblings that the new kind lacks are dropped, so that `{"optimizer": {"kind": "adam"}}` is a whole change; and so are
those that mean something else there: the columns of iris are none of wine's. Likewise a family that learns from
something else begins with its own data, network and training.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from app.errors import InvalidInput, MalformedInput
from app.schemas.experiment import (
    SECTIONS,
    Experiment,
    ExperimentBase,
    default_experiment,
    read_experiment,
    union_member,
    usual_kind,
)

LAYERS = "network.layers."
"""What the path of a field of one layer begins with."""
_MAX_DEPTH = 20

Form = type[ExperimentBase]


def apply_patch(experiment: Experiment, patch: JsonValue) -> Experiment:
    """The patched Experiment. Raises InvalidInput with the path of each bad field; the old one is untouched."""
    if not isinstance(patch, dict):
        raise MalformedInput("A merge patch must be a JSON object.")
    given, form = experiment.given(), type(default_experiment(patch.get("family", experiment.family)))
    if form is not type(experiment):
        given = {name: value for name, value in given.items() if name not in SECTIONS}
    return read_experiment(_merge(given, patch, (), form))


def patch_at(experiment: Experiment, values: Mapping[str, JsonValue]) -> dict[str, Any]:
    """The merge patch that gives fields of an Experiment these values.

    They are named by their paths, steps joined by dots. A path may lead into one layer (`network.layers.0.units`): the
    patch then holds the Experiment's other layers, too, since arrays are replaced whole. Raises InvalidInput where
    there is no such layer, or where one field is a part of another.
    """
    patch: dict[str, Any] = {}
    for path, value in values.items():
        if any(path.startswith(f"{other}.") for other in values):
            raise InvalidInput.at(path, "contradicts another part")
        if not path.startswith(LAYERS):
            _put(patch, path.split("."), value)
    of_layers = {path: value for path, value in values.items() if path.startswith(LAYERS)}
    if of_layers:
        _put(patch, ["network", "layers"], _edited_layers(experiment, of_layers))
    return patch


def _put(patch: dict[str, Any], steps: list[str], value: JsonValue) -> None:
    for step in steps[:-1]:
        patch = patch.setdefault(step, {})
    patch[steps[-1]] = value


def _edited_layers(experiment: Experiment, values: Mapping[str, JsonValue]) -> list[JsonValue]:
    given = (layer.model_dump(mode="json", exclude_unset=True) for layer in experiment.network.layers)
    layers = {str(index): layer for index, layer in enumerate(given)}
    for path, value in values.items():
        index, _, field = path.removeprefix(LAYERS).partition(".")
        if index not in layers:
            raise InvalidInput.at(path, f"there is no hidden layer {index[:20]}")
        layers[index][field] = value
    return [*layers.values()]


def difference(old: Experiment, new: Experiment) -> dict[str, JsonValue]:
    """The patch that leads from `old` to `new`: `apply_patch(old, difference(old, new)) == new`.

    After it, exactly what `new` gives is given. A null counts as not given: a patch cannot set one.
    """
    before, after = old.given(), new.given()
    if type(old) is not type(new):
        before = {name: value for name, value in before.items() if name not in SECTIONS}
    return _difference(before, after, (), type(new))


def _difference(
    old: dict[str, JsonValue], new: dict[str, JsonValue], path: tuple[str, ...], form: Form
) -> dict[str, JsonValue]:
    patch: dict[str, JsonValue] = {}
    old_kind, new_kind = old.get("kind"), new.get("kind")
    kept = None if old_kind == new_kind else _shared_fields(".".join(path), old_kind, new_kind, form)
    if kept is not None:
        old = {key: value for key, value in old.items() if key in kept or key == "kind"}
    for key, value in old.items():
        if value is not None and new.get(key) is None:
            patch[key] = None
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict):
            changes = _difference(before if isinstance(before, dict) else {}, value, (*path, key), form)
            if changes or not isinstance(before, dict):
                patch[key] = changes
        elif value is not None and value != before:
            patch[key] = value
    return patch


def _merge(target: JsonValue, patch: dict[str, JsonValue], path: tuple[str, ...], form: Form) -> dict[str, JsonValue]:
    if len(path) > _MAX_DEPTH:
        raise MalformedInput("The patch is nested too deeply.")
    old = target if isinstance(target, dict) else {}
    merged = dict(old)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = _merge(merged.get(key), value, (*path, key), form)
        else:
            merged[key] = value
    if "kind" in patch:
        kept = _shared_fields(".".join(path), old.get("kind"), patch["kind"], form)
        merged = {key: value for key, value in merged.items() if kept is None or key in kept or key in patch}
    return merged


def _shared_fields(path: str, old_kind: object, new_kind: object, form: Form) -> set[str] | None:
    """The fields that mean the same in both kinds of the union at `path`; None where the new kind is in no union there.

    No kind (None) stands for the one that is usual in an Experiment of this form.
    """
    usual = usual_kind(form, path)
    old, new = (union_member(path, usual if kind is None else kind) for kind in (old_kind, new_kind))
    if new is None:
        return None
    if old is None:
        return set(new.model_fields)
    return {
        name
        for name, field in new.model_fields.items()
        if name in old.model_fields and old.model_fields[name].annotation == field.annotation
    }
