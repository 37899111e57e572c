"""What the page on which a sweep begins is given: the fields of a run's Experiment, and what may count as best."""

from dataclasses import dataclass
from typing import get_args

from app.data.dataset import Prepared
from app.families.registry import family_of
from app.schemas.run import PARTS, Part, RunDocument
from app.schemas.sweep import MOST_EPOCHS, MOST_FIELDS, MOST_TRIALS, MOST_VALUES, Metric, Objective
from app.web.lab.changeable import changeable
from app.web.lab.controls import Choice
from app.web.lab.pictures import KindPicture
from app.web.lab.rendering import js_modules
from app.web.lab.titles import title_of
from app.web.lab.view import View
from app.web.lab.views import lab_of
from app.web.sweeps.fields import Field, fields_of
from app.web.sweeps.words import metric_of, objective


@dataclass(frozen=True)
class SweepStart:
    """The page."""

    run_id: str
    name: str
    """What is trained."""
    fields: tuple[Field, ...]
    objectives: tuple[Choice, ...]
    best: str
    """The objective that is chosen."""
    validated: bool
    """Whether there are points for validation."""
    most_fields: int = MOST_FIELDS
    most_trials: int = MOST_TRIALS
    most_values: int = MOST_VALUES
    most_epochs: int = MOST_EPOCHS
    pictures: tuple[KindPicture, ...] = ()
    modules: tuple[str, ...] = js_modules("sweep-start.js")


def start_of(run: RunDocument, prepared: Prepared) -> SweepStart:
    """The page for a run."""
    known = family_of(run.resolved.family).metric_names(prepared.dataset.problem)
    parts: list[Part] = [part for part, count in zip(PARTS, prepared.counts, strict=True) if count]
    wanted = [
        Objective(part=part, metric=metric)
        for metric in get_args(Metric)
        for part in reversed(parts)
        if metric in known
    ]
    best = next((one for one in wanted if one.part == "validation"), wanted[0])
    return SweepStart(
        run_id=run.id,
        name=title_of(run.experiment),
        fields=fields_of(changeable(lab_of(run, prepared, View()))),
        objectives=tuple(Choice(metric_of(one), objective(one).capitalize()) for one in wanted),
        best=metric_of(best),
        validated="validation" in parts,
    )
