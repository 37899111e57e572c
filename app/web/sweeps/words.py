"""A sweep in words: what is searched, how, and what counts as best."""

from math import log10

from pydantic import JsonValue

from app.runs.trials import score_of
from app.schemas.sweep import HIGHER_IS_BETTER, Objective, Range, Sweep, SweepDocument, Trial
from app.web.compare.differences import Difference, title_of
from app.web.compare.metrics import metric_title

STATUSES = {"running": "Searching", "stopped": "Stopped", "finished": "Finished"}
_DIGITS = 4


def title(sweep: Sweep) -> str:
    """`Learning rate × Layer 1 activation`: the fields that are searched."""
    return " × ".join(title_of(path) for path in varied(sweep))


def varied(sweep: Sweep) -> tuple[str, ...]:
    """The fields that have several values; all, where none has."""
    several = (path for path, values in sweep.space.items() if isinstance(values, Range) or len(values) > 1)
    return tuple(several) or tuple(sweep.space)


def spaces(sweep: Sweep) -> tuple[tuple[str, str], ...]:
    """Each field with what is tried of it."""
    return tuple((title_of(path), _values(sweep, path)) for path in sweep.space)


def plan(sweep: Sweep) -> str:
    """How it is searched, and for what."""
    how = (
        "Every combination"
        if sweep.search.kind == "grid"
        else f"{sweep.search.trials} combinations drawn at random (seed {sweep.search.seed})"
    )
    epochs = f"{sweep.epochs:,} epoch{'s' if sweep.epochs > 1 else ''}"
    return f"{how}, each trained for {epochs}. Best is the {objective(sweep.objective)}."


def objective(wanted: Objective) -> str:
    """`lowest test loss`."""
    words = metric_title(metric_of(wanted))
    return f"{'highest' if wanted.metric in HIGHER_IS_BETTER else 'lowest'} {words[:1].lower()}{words[1:]}"


def metric_of(wanted: Objective) -> str:
    """The objective as a column of metrics: `test_loss`."""
    return f"{wanted.part}_{wanted.metric}"


def reached(document: SweepDocument) -> float | None:
    """What the best trial so far has reached."""
    best = best_of(document)
    return None if best is None else score_of(document.sweep.objective, best)


def best_of(document: SweepDocument) -> Trial | None:
    """The trial that did best so far, if any has."""
    return next((trial for trial in document.trials if trial.index == document.best), None)


def value_texts(path: str, values: tuple[JsonValue, ...]) -> tuple[str, ...]:
    """The values of a field as people read them, numbers with as many digits as matter."""
    return Difference(path, title_of(path), tuple(map(_rounded, values))).texts


def _values(sweep: Sweep, path: str) -> str:
    values = sweep.space[path]
    if not isinstance(values, Range):
        return ", ".join(value_texts(path, values))
    if sweep.search.kind == "grid":
        return ", ".join(value_texts(path, values.grid()))
    low, high = value_texts(path, (values.low, values.high))
    return f"{low} to {high}{', logarithmic' if values.scale == 'log' else ''}"


def _rounded(value: JsonValue) -> JsonValue:
    if not isinstance(value, float) or not value:
        return value
    return round(value, _DIGITS - 1 - int(log10(abs(value)) // 1))
