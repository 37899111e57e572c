"""From the form in which a sweep begins to the Sweep: what is chosen of a field stands under its path."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import from_json

from app.errors import FieldError, InvalidInput, PlaygroundError
from app.schemas.document import parse_value
from app.schemas.patch import apply_patch
from app.schemas.run import RunDocument
from app.schemas.sweep import Range, Sweep
from app.web.compare.differences import title_of
from app.web.lab.labels import label

_TITLES: Final[Mapping[str, str]] = {
    "space": "What to try",
    "search.trials": "Trials",
    "search.seed": "Seed of the search",
    "epochs": "Epochs",
    "objective": "Best is",
}


def sweep_of(form: Iterable[tuple[str, str]], run: RunDocument) -> Sweep:
    """The sweep that the fields of a form stand for, of the run's Experiment.

    `field` names the paths that are searched; under each path are its values, or `path:low`, `path:high`, `path:scale`,
    `path:whole` and, for a grid, `path:points`. Raises InvalidInput.
    """
    fields: dict[str, list[str]] = {}
    for name, value in form:
        fields.setdefault(name, []).append(value)
    paths = fields.get("field", [])
    experiment = run.experiment
    if "seed" in paths:  # all learn from the same data, and differ in luck
        experiment = apply_patch(experiment, {"data": {"seed": run.resolved.data.seed}})
    one = {name: values[-1] for name, values in fields.items()}
    part, _, metric = one.get("objective", "").partition("_")
    document = {
        "experiment": experiment.given(),
        "space": {path: _values(path, fields.get(path, []), one) for path in paths},
        "search": _search(one),
        "epochs": _number(one.get("epochs", "")),
        "objective": {"part": part, "metric": metric},
    }
    return parse_value(Sweep, document)


def mistakes_of(error: PlaygroundError) -> tuple[str, ...]:
    """What is wrong, in words that name the fields of the form as it does."""
    return tuple(f"{_title(field.path)}: {field.message}." for field in error.errors) or (error.detail,)


def _values(path: str, chosen: list[str], one: Mapping[str, str]) -> JsonValue:
    """What is tried of a field. It is checked here, where it is known whether a list or a range was meant."""
    place = f"space.{path}"
    if f"{path}:low" not in one:
        if not chosen:
            raise InvalidInput.at(place, "choose at least one value")
        return list[JsonValue](chosen)
    given = {"scale": one.get(f"{path}:scale", "linear"), "whole": f"{path}:whole" in one}
    numbers = {name: _number(one[f"{path}:{name}"]) for name in ("low", "high", "points") if f"{path}:{name}" in one}
    try:
        return parse_value(Range, given | numbers).model_dump(mode="json")
    except InvalidInput as error:
        fields = tuple(FieldError(f"{place}.{field.path}".rstrip("."), field.message) for field in error.errors)
        raise InvalidInput(error.detail, fields) from None


def _search(one: Mapping[str, str]) -> dict[str, Any]:
    if one.get("search") != "random":
        return {"kind": "grid"}
    return {"kind": "random", "trials": _number(one.get("trials", "")), "seed": _number(one.get("seed", ""))}


def _number(text: str) -> JsonValue:
    """The number; what is none stays a text, which the schema refuses in its words."""
    try:
        return from_json(text)
    except ValueError:
        return text


def _title(path: str) -> str:
    """A field of the sweep in words: `space.training.optimizer.learning_rate.low` is “Learning rate, low”."""
    inside = path.removeprefix("space.")
    if inside == path:
        return _TITLES.get(path) or _TITLES.get(path.partition(".")[0]) or title_of(path)
    stem, _, end = inside.rpartition(".")
    if end in ("low", "high", "points", "scale", "whole"):
        return f"{title_of(stem)}, {label(end).lower()}"
    return title_of(inside)
