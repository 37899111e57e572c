"""From an Experiment to what a trainer needs, and what a change of it means."""

from typing import Protocol

from app.data.prepare import prepare
from app.data.registry import generate
from app.data.table import Table
from app.families.base import Setup
from app.schemas.data import Points
from app.schemas.experiment import Experiment
from app.schemas.resolve import resolve


class Tables(Protocol):
    """Where uploaded tables are found."""

    def get(self, dataset_id: str) -> Table:
        """The table with this id; raises NotFound."""
        ...


def build_setup(experiment: Experiment, tables: Tables, old: Setup | None = None) -> Setup:
    """The resolved Experiment and its arrays, those of `old` where nothing they depend on differs.

    Raises InvalidInput where the Experiment does not fit its data, NotFound for an unknown upload.
    """
    spec = experiment.data
    seed = experiment.seed if spec.seed is None else spec.seed
    if old is not None and _same_data(old.experiment, experiment, seed):
        dataset = old.prepared.dataset
    else:
        table = tables.get(spec.dataset) if isinstance(spec, Points) and spec.dataset else None
        dataset = generate(spec, seed, table)
    resolved = resolve(experiment, dataset.problem)
    same = (
        old is not None
        and old.prepared.dataset is dataset
        and old.experiment.training.loss == resolved.training.loss
        and old.experiment.data == resolved.data
    )
    return Setup(resolved, old.prepared if same and old is not None else prepare(resolved, dataset))


def starts_anew(old: Setup, new: Setup) -> bool:
    """Whether the change from `old` to `new` draws parameters anew (architecture: what a change does)."""
    before, after = old.experiment, new.experiment
    units = [[layer.units for layer in setup.experiment.network.layers] for setup in (old, new)]
    return (
        (before.seed, before.data, before.network.init) != (after.seed, after.data, after.network.init)
        or before.family != after.family
        or units[0] != units[1]
        or old.prepared.targets.shape[1] != new.prepared.targets.shape[1]
    )


def _same_data(old: Experiment, new: Experiment, seed: int) -> bool:
    """Whether the points are the same; `old` is resolved, `new` need not be."""
    before = old.data.model_dump(exclude={"samples"})
    after = new.data.model_dump(exclude={"samples"}) | {"seed": seed}
    samples = getattr(new.data, "samples", None) or getattr(new.data, "default_samples", None)
    return before == after and getattr(old.data, "samples", samples) == samples
