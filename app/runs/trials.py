"""The trials of a sweep before they train: their values, their Experiments, and whether all of them can be trained."""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from pydantic import JsonValue

from app.data.streams import stream
from app.engine.setup import Uploads, build_setup
from app.errors import Conflict, FieldError, InvalidInput, TooLarge
from app.families.base import Setup
from app.families.registry import family_of
from app.runs.compiler import program_key
from app.runs.limits import Limits
from app.schemas.experiment import Experiment
from app.schemas.patch import apply_patch, patch_at
from app.schemas.run import PARTS
from app.schemas.sweep import HIGHER_IS_BETTER, MOST_TRIALS, Objective, Random, Range, Sweep, SweepDocument, Trial

Values = Mapping[str, JsonValue]
"""By path."""


@dataclass(frozen=True)
class Planned:
    """One trial that can be trained."""

    values: Values
    experiment: Experiment
    program: Hashable
    """The `program_key` of what it needs."""


def plan(sweep: Sweep, tables: Uploads, limits: Limits) -> tuple[Planned, ...]:
    """Every trial of a sweep.

    Raises InvalidInput or TooLarge at the field of the sweep that is wrong, with the values that made it so, and
    NotFound for an unknown upload.
    """
    planned: list[Planned] = []
    setup: Setup | None = None
    for values in combinations(sweep):
        try:
            experiment = experiment_of(sweep, values)
            setup = build_setup(experiment, tables, setup)
            limits.admit_network(family_of(experiment.family).graph(setup), len(setup.prepared.inputs))
        except (InvalidInput, TooLarge) as error:
            raise _of_sweep(error, values) from None
        _check(sweep.objective, setup)
        planned.append(Planned(values, experiment, program_key(setup)))
    return tuple(planned)


def combinations(sweep: Sweep) -> Iterable[Values]:
    """The values of each trial: of a grid all combinations, the last field's values changing first; else drawn ones.

    Raises InvalidInput where there are too many.
    """
    if isinstance(sweep.search, Random):
        return _drawn(sweep.space, sweep.search)
    values = [field.grid() if isinstance(field, Range) else field for field in sweep.space.values()]
    count = prod(map(len, values))
    if count > MOST_TRIALS:
        message = f"makes {count:,} combinations, and {MOST_TRIALS} is the most; search at random instead"
        raise InvalidInput.at("space", message)
    return [dict(zip(sweep.space, combination, strict=True)) for combination in product(*values)]


def experiment_of(sweep: Sweep, values: Values) -> Experiment:
    """The Experiment of a trial with these values. Raises InvalidInput."""
    return apply_patch(sweep.experiment, patch_at(sweep.experiment, values))


def best_of(objective: Objective, trials: Sequence[Trial]) -> Trial | None:
    """The finished trial that did best, the first of equals; None while there is none whose objective is a number."""
    sign = -1 if objective.metric in HIGHER_IS_BETTER else 1
    scores = {
        trial.index: sign * score
        for trial in trials
        if trial.status == "finished" and (score := score_of(objective, trial)) is not None
    }
    return trials[min(scores, key=scores.__getitem__)] if scores else None


def trial_of(sweep: SweepDocument, index: int | None) -> Trial:
    """A trial by its index, or the best so far.

    Raises InvalidInput where there is no such trial, Conflict where none is the best yet.
    """
    place = sweep.best if index is None else index
    if place is None:
        raise Conflict("No trial of this sweep has finished yet, so none is the best.")
    if place >= sweep.total:
        raise InvalidInput.at("trials", f"there are {sweep.total} trials, counted from 0")
    return sweep.trials[place]


def score_of(objective: Objective, trial: Trial) -> float | None:
    """The objective's metric at a trial's end; None where that is no number."""
    part = (trial.metrics or {}).get(objective.part)
    return None if part is None else part.get(objective.metric)


def _drawn(space: Mapping[str, tuple[JsonValue, ...] | Range], search: Random) -> list[Values]:
    """One number of the stream for each field of each trial, so that more trials of a seed begin with the same."""
    shares = stream(search.seed, "sweep").random((search.trials, len(space)))
    return [dict(zip(space, map(_at, space.values(), row), strict=True)) for row in shares]


def _at(field: tuple[JsonValue, ...] | Range, share: np.float64) -> JsonValue:
    if isinstance(field, Range):
        return field.drawn(float(share))
    return field[int(share * len(field))]


def _check(objective: Objective, setup: Setup) -> None:
    """Raises InvalidInput where the network has no such number."""
    names = family_of(setup.experiment.family).metric_names(setup.problem)
    if objective.metric not in names:
        known = ", ".join(names)
        raise InvalidInput.at("objective", f"{objective.metric} is not known for {setup.problem.task}; choose {known}")
    if not setup.prepared.counts[PARTS.index(objective.part)]:
        raise InvalidInput.at("objective", f"there are no samples in the {objective.part} part")


def _of_sweep(error: InvalidInput | TooLarge, values: Values) -> InvalidInput | TooLarge:
    """What is wrong with a trial's Experiment, told of the sweep."""
    made = ", ".join(f"{path} is {json.dumps(value)}" for path, value in values.items())
    fields = tuple(FieldError(_place(field.path, values), f"{field.message} (where {made})") for field in error.errors)
    detail = f"{fields[0].path}: {fields[0].message}." if fields else f"{error.detail} That is where {made}."
    return type(error)(detail, fields)


def _place(path: str, values: Values) -> str:
    """Where the sweep says what the Experiment has at `path`."""
    for varied in values:
        if f"{path}.".startswith(f"{varied}.") or f"{varied}.".startswith(f"{path}."):
            return f"space.{varied}"
    return f"experiment.{path}"
