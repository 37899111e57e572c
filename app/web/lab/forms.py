"""From a form to a merge patch on the Experiment, and what such a patch must bring along to be whole.

Controls are named by the path of their field, as in the compact URL form (app.schemas.url), whose typing this shares.
"""

import secrets
from collections.abc import Iterable
from typing import Any, cast

from app.errors import InvalidInput
from app.schemas.data import FEATURES
from app.schemas.experiment import Experiment
from app.schemas.fixed import FIXED
from app.schemas.patch import LAYERS, patch_at
from app.schemas.url import typed_document, value_of
from app.web.lab.kinds import DEFAULT_KINDS

_SEEDS = ("seed", "data.seed")
_RANDOM = "random"
_PROBLEM = "problem"
# A seed that is drawn for somebody is short enough to be read out.
_SEED_BOUND = 100_000
# The share kept for validation when early stopping is switched on without any.
_VALIDATION_SHARE = 0.2
_LARGEST_TAKEN = 0.95
# What gives way where a change of something else leaves it without a meaning.
_GIVEN_UP = frozenset({"data.kind", "training.loss", "network.output_activation"}.union(*FIXED.values()))


def patch_from_form(fields: Iterable[tuple[str, str]], experiment: Experiment) -> dict[str, Any]:
    """The merge patch that a form's fields stand for.

    Fields of one name are a list; an empty field takes its default again; `random` as a seed draws one; `problem` takes
    the usual data of that problem. Fields of single layers become the whole `layers` array. Raises InvalidInput for a
    layer or problem that does not exist.
    """
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    problem = values.pop(_PROBLEM, None)
    if problem:
        values["data.kind"] = [_default_kind(problem[-1])]
    plain = {name: _joined(name, items) for name, items in values.items() if not name.startswith(LAYERS)}
    patch = typed_document(plain.items())
    layers = {name: value_of(items[-1]) for name, items in values.items() if name.startswith(LAYERS)}
    if layers:
        patch.setdefault("network", {}).update(patch_at(experiment, layers)["network"])
    return _emptied(patch)


def completed(patch: dict[str, Any], experiment: Experiment) -> dict[str, Any]:
    """The patch with what it cannot stand without: early stopping needs a validation part, and goes when that goes."""
    training, data = patch.get("training", {}), patch.get("data", {})
    if training.get("early_stopping") is not None and experiment.data.validation_fraction == 0:
        share = min(_VALIDATION_SHARE, round(_LARGEST_TAKEN - experiment.data.train_fraction, 2))
        return {**patch, "data": {"validation_fraction": share, **data}}
    if data.get("validation_fraction") in (0, None) and "validation_fraction" in data:
        return {**patch, "training": {"early_stopping": None, **training}}
    return patch


def without_misfits(patch: dict[str, Any], error: InvalidInput) -> dict[str, Any] | None:
    """The patch that also gives up what was chosen and no longer fits, as `error` says.

    Without its choice a field takes its default. None where the error is about something else, or about what the patch
    itself asks for.
    """
    relaxed = patch
    for field in error.errors:
        steps = field.path.split(".")
        if field.path not in _GIVEN_UP or _names(patch, steps):
            return None
        relaxed = _without(relaxed, steps)
    return relaxed if error.errors else None


def _names(patch: dict[str, Any], steps: list[str]) -> bool:
    """Whether the patch says something of the field."""
    step, *rest = steps
    return step in patch and (not rest or not isinstance(patch[step], dict) or _names(patch[step], rest))


def _without(patch: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    """The patch that also takes the field away."""
    step, *rest = steps
    return {**patch, step: _without(patch.get(step, {}), rest) if rest else None}


def _default_kind(problem: str) -> str:
    for task, kind in DEFAULT_KINDS.items():
        if task == problem:
            return kind
    raise InvalidInput.at(_PROBLEM, f"must be {' or '.join(DEFAULT_KINDS)}")


def _joined(name: str, items: list[str]) -> str:
    if name in _SEEDS and items[-1] == _RANDOM:
        return str(secrets.randbelow(_SEED_BOUND))
    if name == "data.features":
        return ",".join(feature for feature in FEATURES if feature in items)
    if name == "data.columns":
        return ",".join(items)
    return items[-1]


def _emptied(patch: dict[str, Any]) -> dict[str, Any]:
    """Empty text means: not given."""
    emptied: dict[str, Any] = {}
    for key, value in patch.items():
        emptied[key] = (
            _emptied(cast(dict[str, Any], value)) if isinstance(value, dict) else None if value == "" else value
        )
    return emptied
