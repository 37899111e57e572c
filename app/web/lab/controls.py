"""Controls: what a template needs to draw one field of the Experiment, read off the document and its schema.

Bounds and hints come from the schemas, so that the page can neither offer nor forbid what they do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.schemas.experiment import UNIONS, Experiment
from app.web.lab.about import is_hidden, key_of
from app.web.lab.labels import label


@dataclass(frozen=True)
class Choice:
    """One option of a control."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Control:
    """One field of the Experiment as the page shows it."""

    path: str
    """The field, steps joined by dots: the control's name in forms."""
    label: str
    value: str
    """As it now reads, or as it was typed where that was refused."""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: str = ""
    maximum: str = ""
    step: str = "any"
    error: str = ""
    """What is wrong with the value that was typed."""
    hidden: bool = False
    """Left out by the address."""

    @property
    def id(self) -> str:
        """The element's id."""
        return "f-" + self.path.replace(".", "-")

    @property
    def key(self) -> str:
        """What app.web.lab.about knows it by."""
        return key_of(self.path)


@dataclass(frozen=True)
class Refusal:
    """A change that was refused: what was sent, and what is wrong with it, both by path."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Controls:
    """Makes controls for one resolved Experiment."""

    experiment: Experiment
    refusal: Refusal = Refusal()
    hidden: tuple[str, ...] = ()
    """Keys of controls, or of whole sections, that are left out."""

    def at(self, path: str, label_: str = "", choices: Iterable[Choice] = ()) -> Control:
        """The control for the field at `path`, with its bounds and hint; `choices` make it a selection."""
        owner, name = self._owner(path)
        info = type(owner).model_fields[name]
        bounds = _bounds(info)
        control = Control(
            path=path,
            label=label_ or label(name),
            value=text_of(getattr(owner, name)),
            hint=_sentence(info.description),
            minimum=bounds.get("minimum", ""),
            maximum=bounds.get("maximum", ""),
            step="1" if _is_whole(info) else "any",
        )
        control = self._as_shown(control)
        return replace(control, choices=_with_current(tuple(choices), control.value))

    def union(self, path: str, label_: str = "") -> Control:
        """The selection of a kind for the union at `path`, with its members' titles and docstrings."""
        owner, name = self._owner(path)
        choices = tuple(
            Choice(
                value=str(model.model_fields["kind"].default),
                label=str(getattr(model, "title", "")),
                hint=_sentence(model.__doc__),
            )
            for model in UNIONS[path]
        )
        info = type(owner).model_fields[name]
        kind = getattr(getattr(owner, name), "kind", "")
        control = Control(f"{path}.kind", label_ or label(name), kind, _sentence(info.description), choices)
        return self._as_shown(control)

    def parameters(self, path: str) -> tuple[Control, ...]:
        """Controls for every field but `kind` of the document at `path`; none where there is no document."""
        owner, name = self._owner(path)
        document = getattr(owner, name)
        if not isinstance(document, BaseModel):
            return ()
        return tuple(self.choice(f"{path}.{field}") for field in type(document).model_fields if field != "kind")

    def choice(self, path: str) -> Control:
        """The selection among the few words that the field at `path` allows."""
        owner, name = self._owner(path)
        return self.at(path, choices=_literal_choices(owner, name))

    def named(self, name: str, label_: str, value: str, choices: Iterable[Choice]) -> Control:
        """A selection that stands for no single field; app.web.lab.forms knows what it changes."""
        return self._as_shown(Control(name, label_, value, choices=tuple(choices)))

    def _owner(self, path: str) -> tuple[BaseModel, str]:
        """The document that holds the field, and the field's name."""
        *steps, name = path.split(".")
        owner: Any = self.experiment
        for step in steps:
            owner = owner[int(step)] if step.isdigit() else getattr(owner, step)
        return owner, name

    def _as_shown(self, control: Control) -> Control:
        """As it was typed where that was refused, and hidden where the address says so."""
        error = self.refusal.errors.get(control.path, "")
        value = self.refusal.values.get(control.path, control.value) if error else control.value
        return replace(control, value=value, error=error, hidden=is_hidden(control.key, self.hidden))


def choices_of(names: Iterable[str]) -> tuple[Choice, ...]:
    """Choices that are plain words of the schemas."""
    return tuple(Choice(name, label(name)) for name in names)


def _is_whole(info: FieldInfo) -> bool:
    """Whether the field takes whole numbers only."""
    annotation: object = info.annotation
    return annotation is int or (int in get_args(annotation) and float not in get_args(annotation))


def text_of(value: object) -> str:
    """A field's value as a form shows it: no needless `.0`, no `1e-05`, `true` and `false`, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if 0 < abs(value) < 1e-9 else f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def _with_current(choices: tuple[Choice, ...], value: str) -> tuple[Choice, ...]:
    """The choices, with the current value among them where it is an unusual one."""
    if not choices or any(choice.value == value for choice in choices):
        return choices
    return (*choices, Choice(value, value))


def _literal_choices(document: BaseModel, name: str) -> tuple[Choice, ...]:
    """The options of a field that allows a few words only."""
    annotation = type(document).model_fields[name].annotation
    return choices_of(word for word in getattr(annotation, "__args__", ()) if isinstance(word, str))


def _bounds(info: FieldInfo) -> dict[str, str]:
    """The least and largest value; an exclusive bound of a float is kept by the schema alone."""
    bounds: dict[str, str] = {}
    for constraint in info.metadata:
        match constraint:
            case Ge(ge=value):
                bounds["minimum"] = text_of(value)
            case Gt(gt=value):
                bounds["minimum"] = text_of(value)
            case Le(le=value):
                bounds["maximum"] = text_of(value)
            case Lt(lt=value):
                bounds["maximum"] = text_of(value)
            case _:
                pass
    return bounds


def _sentence(docstring: str | None) -> str:
    return " ".join((docstring or "").split())
