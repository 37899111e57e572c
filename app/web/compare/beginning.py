"""Comparisons begin: their runs are made together, and each is called by what is different about it."""

from collections.abc import Sequence

from app.runs.archive import LONGEST_NAME
from app.runs.trials import experiment_of, trial_of
from app.schemas.command import Until
from app.schemas.comparison import Comparison
from app.schemas.experiment import UNIONS, Experiment
from app.schemas.patch import apply_patch, patch_at
from app.schemas.run import RunDocument
from app.schemas.sweep import Trial
from app.web.compare.differences import Difference, names_of, title_of
from app.web.lab.answers import SPEED
from app.web.lab.forms import completed, patch_from_form
from app.web.state import State

OPTIMIZER = "training.optimizer.kind"
"""The field in which the runs of an optimiser race differ."""


def begin(parts: State, visitor: str, experiments: Sequence[Experiment], *, play: bool) -> list[RunDocument]:
    """A run of each Experiment, all or none, as fast as the server can. Raises what Creation.create raises."""
    return _named(parts, parts.service.creation.create(experiments, visitor=visitor, play=play))


def begin_watched(parts: State, visitor: str, experiments: Sequence[Experiment]) -> list[RunDocument]:
    """The same for a page, which sees them train from the beginning at a speed at which there is something to watch."""
    create = parts.service.creation.create
    return _named(parts, create(experiments, visitor=visitor, play=True, speed=SPEED, attended=True))


def begin_trials(parts: State, visitor: str, sweep_id: str, trials: Sequence[int] | None = None) -> list[RunDocument]:
    """A run of each of these trials of a sweep, or of its best so far, all or none, each called by its values.

    They play to where trials end. Raises what Sweeps.get, trial_of and Creation.create raise.
    """
    sweep = parts.service.sweeps.get(sweep_id, visitor)
    chosen = [trial_of(sweep, index) for index in dict.fromkeys(trials or (None,))]
    experiments = [experiment_of(sweep.sweep, trial.values) for trial in chosen]
    until = Until(epoch=sweep.sweep.epochs)
    runs = parts.service.creation.create(experiments, visitor=visitor, play=True, until=until)
    for run, trial in zip(runs, chosen, strict=True):
        parts.service.collection.label(run.id, name=_name_of(trial))
    return runs


def several_seeds(run: RunDocument, count: int) -> tuple[Experiment, ...]:
    """The run's Experiment with so many seeds from its own on. All learn from the same data: they differ in luck."""
    data_seed = run.resolved.data.seed
    experiment = apply_patch(run.experiment, patch_at(run.experiment, {"data.seed": data_seed}))
    first = experiment.seed
    return Comparison(experiment=experiment, vary={"seed": tuple(range(first, first + count))}).experiments()


def optimiser_race(run: RunDocument) -> tuple[Experiment, ...]:
    """The run's Experiment with every optimiser there is, from the same weights."""
    kinds = tuple(str(model.model_fields["kind"].default) for model in UNIONS["training.optimizer"])
    return Comparison(experiment=run.experiment, vary={OPTIMIZER: kinds}).experiments()


def changed_control(run: RunDocument, path: str, text: str) -> tuple[Experiment, ...]:
    """The run's Experiment (A), and the same with one control as a form says (B). Raises InvalidInput."""
    patch = completed(patch_from_form([(path, text)], run.experiment), run.experiment)
    return run.experiment, apply_patch(run.experiment, patch)


def _named(parts: State, runs: list[RunDocument]) -> list[RunDocument]:
    for run, name in zip(runs, names_of(runs), strict=True):
        parts.service.collection.label(run.id, name=name)
    return runs


def _name_of(trial: Trial) -> str:
    values = (Difference(path, title_of(path), (value,)) for path, value in trial.values.items())
    return " · ".join(name for difference in values for name in difference.names())[:LONGEST_NAME]
