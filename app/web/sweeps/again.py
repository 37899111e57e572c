"""The next sweep: around what did best in one that is done."""

from math import exp, log

from pydantic import JsonValue

from app.schemas.sweep import Random, Range, Sweep, SweepDocument
from app.web.sweeps.words import best_of

_NARROWER = 1 / 3
"""Each range keeps so much of its width, in the logarithm where it is logarithmic."""


def around_best(document: SweepDocument) -> Sweep | None:
    """The same with narrower ranges around the best trial, and its choices; None where there is nothing to narrow."""
    best = best_of(document)
    if best is None:
        return None
    sweep, search = document.sweep, document.sweep.search
    if isinstance(search, Random):  # other combinations than before
        search = search.model_copy(update={"seed": (search.seed + 1) % 2**32})
    space = {path: _narrowed(values, best.values[path]) for path, values in sweep.space.items()}
    if not any(isinstance(values, Range) for values in space.values()):
        return None
    return sweep.model_copy(update={"space": space, "search": search})


def _narrowed(values: tuple[JsonValue, ...] | Range, best: JsonValue) -> tuple[JsonValue, ...] | Range:
    if not isinstance(values, Range) or not isinstance(best, int | float):
        return (best,)
    is_log = values.scale == "log"
    low, high, middle = (log(value) if is_log else value for value in (values.low, values.high, best))
    reach = (high - low) * _NARROWER / 2
    ends = (max(low, middle - reach), min(high, middle + reach))
    low, high = (exp(end) if is_log else end for end in ends)
    low, high = (float(round(end)) if values.whole else float(f"{end:.6g}") for end in (low, high))
    if low >= high:
        return (best,)
    return values.model_copy(update={"low": low, "high": high})
