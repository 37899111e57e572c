"""What a sweep of an Experiment can search: its fields with values that are worth a try, of which two are chosen.

One click is to begin a good sweep; whoever knows better changes the values on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.schemas.sweep import Range
from app.web.compare.differences import title_of
from app.web.lab.controls import Control, text_of

_CHOSEN: Final = (
    "training.optimizer.learning_rate",
    "network.layers.0.activation",
    "training.optimizer.kind",
    "data.noise",
    "seed",
)
"""The first two of these that there are."""
_RANGES: Final[Mapping[str, Range]] = {
    "learning_rate": Range(low=0.001, high=1, scale="log", points=5),
    "l1": Range(low=0.00001, high=0.1, scale="log", points=5),
    "l2": Range(low=0.00001, high=0.1, scale="log", points=5),
    "batch_size": Range(low=4, high=64, scale="log", whole=True, points=5),
    "units": Range(low=2, high=8, whole=True, points=4),
    "noise": Range(low=0, high=50, points=6),
    "train_fraction": Range(low=0.2, high=0.8, points=4),
}
"""By the last step of the path. A seed counts on from the one that there is."""
_SEEDS: Final = 5
_TRIED: Final[Mapping[str, tuple[str, ...]]] = {
    "activation": ("sigmoid", "tanh", "relu", "gelu"),
    "kind": ("sgd", "momentum", "rmsprop", "adam"),
}
"""By the last step of the path; of all other choices, every one is tried."""


@dataclass(frozen=True)
class Option:
    """One of the values of a field that has a few."""

    value: str
    label: str
    tried: bool


@dataclass(frozen=True)
class Field:
    """A field that can be searched: a range of numbers, or options."""

    path: str
    title: str
    now: str
    """What the Experiment has."""
    chosen: bool
    options: tuple[Option, ...] = ()
    low: str = ""
    high: str = ""
    scale: Literal["linear", "log"] = "linear"
    points: int = 5
    minimum: str = ""
    maximum: str = ""
    whole: bool = False


def fields_of(controls: Mapping[str, Control]) -> tuple[Field, ...]:
    """Every field that these controls of the lab show."""
    chosen = [path for path in _CHOSEN if path in controls][:2]
    return tuple(_field(control, chosen=path in chosen) for path, control in controls.items())


def is_number(control: Control) -> bool:
    """Whether the control is of a number, though it may have some to choose from."""
    try:
        float(control.value)
    except ValueError:
        return False
    return True


def _field(control: Control, *, chosen: bool) -> Field:
    title = title_of(control.path)
    now = next((choice.label for choice in control.choices if choice.value == control.value), control.value)
    if not is_number(control):
        return Field(control.path, title, now, chosen, options=_options(control))
    values = _range(control)
    return Field(
        control.path,
        title,
        now,
        chosen,
        low=text_of(values.low),
        high=text_of(values.high),
        scale=values.scale,
        points=values.points,
        minimum=control.minimum,
        maximum=control.maximum,
        whole=values.whole,
    )


def _range(control: Control) -> Range:
    """The usual numbers, and the one that there is among them."""
    now, name = float(control.value), control.path.rpartition(".")[2]
    if name == "seed":
        return Range(low=now, high=now + _SEEDS - 1, whole=True, points=_SEEDS)
    usual = _RANGES[name]
    low = min(usual.low, now) if usual.scale == "linear" or now > 0 else usual.low
    return usual.model_copy(update={"low": low, "high": max(usual.high, now)})


def _options(control: Control) -> tuple[Option, ...]:
    usual = _TRIED.get(control.path.rpartition(".")[2], ())
    tried = {choice.value for choice in control.choices if choice.value in usual} or {
        choice.value for choice in control.choices
    }
    return tuple(
        Option(choice.value, choice.label, choice.value in tried or choice.value == control.value)
        for choice in control.choices
    )
