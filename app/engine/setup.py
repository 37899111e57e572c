"""From an Experiment to what a trainer needs, and what a change of it means."""

from typing import Protocol, overload

from app.data.dataset import Dataset
from app.data.pictures.archive import PictureArchive
from app.data.pictures.prepare import prepare_pictures
from app.data.pictures.registry import draw_pictures
from app.data.prepare import prepare
from app.data.registry import generate
from app.data.table import Table
from app.errors import NotFound
from app.families.base import PictureSetup, PlaneSetup, Setup
from app.families.registry import family_of
from app.schemas.data import Points
from app.schemas.experiment import Experiment, PictureExperiment, PlaneExperiment
from app.schemas.graph import GraphLayer
from app.schemas.picture_data import Pictures
from app.schemas.resolve import resolve


class Uploads(Protocol):
    """Where what was uploaded is found."""

    def get(self, dataset_id: str) -> Table:
        """The table with this id; raises NotFound."""
        ...

    def pictures(self, dataset_id: str) -> PictureArchive:
        """The pictures with this id; raises NotFound."""
        ...


class NoUploads:
    """For what learns from no uploads."""

    def get(self, dataset_id: str) -> Table:
        """Raises NotFound."""
        raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")

    def pictures(self, dataset_id: str) -> PictureArchive:
        """Raises NotFound."""
        raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")


@overload
def build_setup(experiment: PlaneExperiment, uploads: Uploads, old: Setup | None = None) -> PlaneSetup: ...
@overload
def build_setup(experiment: Experiment, uploads: Uploads, old: Setup | None = None) -> Setup: ...
def build_setup(experiment: Experiment, uploads: Uploads, old: Setup | None = None) -> Setup:
    """The resolved Experiment and its arrays, those of `old` where nothing they depend on differs.

    Raises InvalidInput where the Experiment does not fit its data, NotFound for an unknown upload.
    """
    if isinstance(experiment, PlaneExperiment):
        return _plane_setup(experiment, uploads, old)
    return _picture_setup(experiment, uploads, old)


def _plane_setup(experiment: PlaneExperiment, uploads: Uploads, old: Setup | None) -> PlaneSetup:
    spec = experiment.data
    if isinstance(old, PlaneSetup) and _same_data(old.experiment, experiment):
        dataset = old.prepared.dataset
    else:
        table = uploads.get(spec.dataset) if isinstance(spec, Points) and spec.dataset else None
        dataset = generate(spec, _seed(experiment), table)
    resolved = resolve(experiment, dataset.problem)
    if isinstance(old, PlaneSetup) and _same_targets(old, resolved, dataset):
        return PlaneSetup(resolved, old.prepared)
    return PlaneSetup(resolved, prepare(resolved, dataset))


def _picture_setup(experiment: PictureExperiment, uploads: Uploads, old: Setup | None) -> PictureSetup:
    spec = experiment.data
    if isinstance(old, PictureSetup) and _same_data(old.experiment, experiment):
        dataset = old.prepared.dataset
    else:
        archive = uploads.pictures(spec.dataset) if isinstance(spec, Pictures) else None
        dataset = draw_pictures(spec, _seed(experiment), archive)
    resolved = resolve(experiment, dataset.problem)
    if isinstance(old, PictureSetup) and _same_targets(old, resolved, dataset):
        return PictureSetup(resolved, old.prepared)
    return PictureSetup(resolved, prepare_pictures(resolved, dataset))


def starts_anew(old: Setup, new: Setup) -> bool:
    """Whether the change from `old` to `new` draws parameters anew (architecture: what a change does)."""
    before, after = old.experiment, new.experiment
    return (
        (before.seed, before.data, before.network.init) != (after.seed, after.data, after.network.init)
        or before.family != after.family
        or _built(old) != _built(new)
        or _signature(old) != _signature(new)
    )


def _built(setup: Setup) -> list[GraphLayer]:
    """The layers but for their activations, which may change at any time."""
    layers = family_of(setup.experiment.family).graph(setup).layers
    return [layer.model_copy(update={"activation": ""}) for layer in layers]


def _signature(setup: Setup) -> object:
    """What can change in a run that trains on, since all it has done can be done again by one program."""
    return family_of(setup.experiment.family).signature(setup)


def _seed(experiment: Experiment) -> int:
    return experiment.seed if experiment.data.seed is None else experiment.data.seed


def _same_targets(old: Setup, resolved: Experiment, dataset: Dataset) -> bool:
    """Whether arrays that were made for `old` hold for a resolved Experiment, too."""
    return (
        old.prepared.dataset is dataset
        and old.experiment.training.loss == resolved.training.loss
        and old.experiment.data == resolved.data
    )


def _same_data(old: Experiment, new: Experiment) -> bool:
    """Whether the data is the same; `old` is resolved, `new` need not be."""
    before = old.data.model_dump(exclude={"samples"})
    after = new.data.model_dump(exclude={"samples"}) | {"seed": _seed(new)}
    samples = getattr(new.data, "samples", None) or getattr(new.data, "default_samples", None)
    return before == after and getattr(old.data, "samples", samples) == samples
