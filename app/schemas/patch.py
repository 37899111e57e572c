"""RFC 7396 merge patches on an Experiment, with one addition for unions.

Arrays are replaced whole, null removes a field (its default returns). When the `kind` of an object changes, the
siblings that the new kind lacks are dropped, so that `{"optimizer": {"kind": "adam"}}` is a whole change.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import MalformedInput
from app.schemas.document import parse_value
from app.schemas.experiment import Experiment, union_member

_MAX_DEPTH = 20

def apply_patch(experiment: Experiment, patch: Mapping[str, Any]) -> Experiment:
    """The patched Experiment. Raises InvalidInput with the path of each bad field; the old one is untouched."""
    merged = _merge(experiment.given(), patch, ())
    if not isinstance(merged, dict):
        raise MalformedInput("A merge patch must be a JSON object.")
    return parse_value(Experiment, merged)


def _merge(target: Any, patch: Any, path: tuple[str, ...]) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    if len(path) > _MAX_DEPTH:
        raise MalformedInput("The patch is nested too deeply.")
    merged: dict[str, Any] = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value, (*path, key))
    member = union_member(".".join(path), patch.get("kind"))
    if member is not None:
        merged = {key: value for key, value in merged.items() if key in member.model_fields or key in patch}
    return merged
