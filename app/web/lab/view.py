"""What of the lab is shown, beside what is learnt: the fields of the address whose names begin with `view.`.

The page's script shows and writes them (static/js/core/view.js); the server checks them and leaves out hidden controls.
"""

from collections.abc import Collection, Mapping
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import Field, field_validator

from app.schemas.document import Document, parse_value
from app.schemas.experiment import Experiment
from app.schemas.frame import FramePart
from app.schemas.url import to_query
from app.web.lab.about import ABOUT, is_hidden

Chart = Literal[
    "loss",
    "metrics",
    "weights",
    "activations",
    "gradients",
    "gradient_norms",
    "predictions",
    "surface",
    "space",
    "landscape",
    "activation_function",
    "loss_function",
    "schedule",
]

_NEEDS: Mapping[Chart, FramePart] = {
    "activations": "activation_histograms",
    "gradients": "gradient_histograms",
    "gradient_norms": "gradient_norms",
    "surface": "surface",
    "space": "space",
}
_OF_FIELDS: Mapping[Chart, str] = {
    "activation_function": "network.output_activation",
    "loss_function": "training.loss",
    "schedule": "training.schedule",
}

_PREFIX = "view."
_LISTS = ("charts", "hide")


class View(Document):
    """How somebody looks at an Experiment. Lists are joined by commas in the address."""

    test_points: bool = False
    """Whether points that are not for training are drawn, too."""
    discretise: bool = False
    """Whether the output map shows the decision alone."""
    charts: tuple[Chart, ...] = ("loss",)
    """The open charts, in their order."""
    hide: tuple[str, ...] = Field(default=(), max_length=100)
    """Controls that are left out, which a teacher chooses: keys of app.web.lab.about, or sections of them."""

    @field_validator("hide")
    @classmethod
    def _known(cls, hide: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(name for name in set(hide) if not any(is_hidden(key, (name,)) for key in ABOUT))
        if unknown:
            names = ", ".join(key for key in ABOUT if "." not in key)
            raise ValueError(f"no control is called {', '.join(unknown)}; use paths such as data.noise, or {names}")
        return hide


def charts_of(parts: Collection[str], fixed: Collection[str]) -> tuple[Chart, ...]:
    """The charts that mean something where frames can hold these `parts` and these fields leave no choice."""
    charts: tuple[Chart, ...] = get_args(Chart)
    return tuple(
        chart for chart in charts if _NEEDS.get(chart, "points") in parts and _OF_FIELDS.get(chart) not in fixed
    )


def split_query(query: str) -> tuple[View, str]:
    """The view in a query string, and the rest of it. Raises InvalidInput with the path of each bad field."""
    fields = parse_qsl(query, keep_blank_values=True)
    mine = {name.removeprefix(_PREFIX): value for name, value in fields if name.startswith(_PREFIX)}
    document = {name: _typed(name, value) for name, value in mine.items()}
    rest = [(name, value) for name, value in fields if not name.startswith(_PREFIX)]
    view = parse_value(_ViewOfAddress, {"view": document}).view
    return view, urlencode(rest) if mine else query


def address_of(experiment: Experiment, view: View) -> str:
    """Where an Experiment can be seen in this way again: a path with a query."""
    parts = [
        to_query(experiment),
        *(_field(name, value) for name, value in view.model_dump(exclude_defaults=True).items()),
    ]
    query = "&".join(part for part in parts if part)
    return f"/?{query}" if query else "/"


class _ViewOfAddress(Document):
    """For the paths of errors."""

    view: View


def _typed(name: str, text: str) -> object:
    if name in _LISTS:
        return [item for item in text.split(",") if item]
    return {"true": True, "false": False}.get(text, text)


def _field(name: str, value: object) -> str:
    text = ",".join(cast(tuple[str, ...], value)) if name in _LISTS else str(value).lower()
    return f"{_PREFIX}{name}={quote(text, safe=',*()')}"
