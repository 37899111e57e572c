"""RFC 7396 merge patches on an Experiment, with one addition for unions.

Arrays are replaced whole, null removes a field (its default returns). When the `kind` of an object changes,
siblings that the new kind lacks are dropped, so that `{"optimizer": {"kind": "adam"}}` is a whole change; and so are
those that mean something else there: the columns of iris are none of wine's.
"""

from pydantic import JsonValue

from app.errors import MalformedInput
from app.schemas.document import parse_value
from app.schemas.experiment import Experiment, union_member

_MAX_DEPTH = 20


def apply_patch(experiment: Experiment, patch: JsonValue) -> Experiment:
    """The patched Experiment. Raises InvalidInput with the path of each bad field; the old one is untouched."""
    if not isinstance(patch, dict):
        raise MalformedInput("A merge patch must be a JSON object.")
    return parse_value(Experiment, _merge(experiment.given(), patch, ()))


def difference(old: Experiment, new: Experiment) -> dict[str, JsonValue]:
    """The patch that leads from `old` to `new`: `apply_patch(old, difference(old, new)) == new`.

    After it, exactly what `new` gives is given. A null counts as not given: a patch cannot set one.
    """
    return _difference(old.given(), new.given(), ())


def _difference(old: dict[str, JsonValue], new: dict[str, JsonValue], path: tuple[str, ...]) -> dict[str, JsonValue]:
    patch: dict[str, JsonValue] = {}
    old_kind, new_kind = old.get("kind"), new.get("kind")
    kept = None if old_kind == new_kind else _shared_fields(".".join(path), old_kind, new_kind)
    if kept is not None:
        old = {key: value for key, value in old.items() if key in kept or key == "kind"}
    for key, value in old.items():
        if value is not None and new.get(key) is None:
            patch[key] = None
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict):
            changes = _difference(before if isinstance(before, dict) else {}, value, (*path, key))
            if changes or not isinstance(before, dict):
                patch[key] = changes
        elif value is not None and value != before:
            patch[key] = value
    return patch


def _merge(target: JsonValue, patch: dict[str, JsonValue], path: tuple[str, ...]) -> dict[str, JsonValue]:
    if len(path) > _MAX_DEPTH:
        raise MalformedInput("The patch is nested too deeply.")
    old = target if isinstance(target, dict) else {}
    merged = dict(old)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = _merge(merged.get(key), value, (*path, key))
        else:
            merged[key] = value
    if "kind" in patch:
        kept = _shared_fields(".".join(path), old.get("kind"), patch["kind"])
        merged = {key: value for key, value in merged.items() if kept is None or key in kept or key in patch}
    return merged


def _shared_fields(path: str, old_kind: object, new_kind: object) -> set[str] | None:
    """The fields that mean the same in both kinds of the union at `path`; None where the new kind is in no union there.

    No kind (None) stands for the default one.
    """
    old, new = union_member(path, old_kind), union_member(path, new_kind)
    if new is None:
        return None
    if old is None:
        return set(new.model_fields)
    return {
        name
        for name, field in new.model_fields.items()
        if name in old.model_fields and old.model_fields[name].annotation == field.annotation
    }
