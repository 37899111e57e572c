"""The panels for points in a plane: what their templates are given, read off a run and its data."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.data.dataset import Prepared
from app.schemas.data import FEATURES, FeatureName, IrisColumn, Points, Task, WineColumn
from app.schemas.experiment import as_plane
from app.schemas.fixed import TASKS
from app.schemas.network import ACTIVATIONS, MAX_LAYERS
from app.schemas.resolve import outputs
from app.web.lab.controls import Choice, Control, Controls, choices_of
from app.web.lab.kinds import KindTile, kind_tiles
from app.web.lab.labels import label
from app.web.lab.layers import Grid, neuron_grid
from app.web.lab.parts import part_counts
from app.web.lab.pictures import FeatureMap, feature_maps

_TASK_WORDS: Mapping[Task, str] = {"classification": "Classes", "regression": "Values"}


@dataclass(frozen=True)
class DataPanel:
    """What the network learns from."""

    problem: Control
    kind: Control
    kinds: tuple[KindTile, ...]
    """Those of the problem."""
    own_points: bool
    own_points_error: str
    title: str
    noise: Control
    train_fraction: Control
    validation_fraction: Control
    samples: Control | None
    classes: Control | None
    columns: tuple[Control, ...]
    task: Control | None
    scaling: Control
    seed: Control
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FeatureRow:
    """One input feature."""

    name: FeatureName
    label: str
    position: int
    """Which input of the network it is; -1 where it is not chosen."""
    map: FeatureMap


@dataclass(frozen=True)
class LayerColumn:
    """One hidden layer."""

    index: int
    units: Control
    activation: Control
    dropout: Control
    neurons: int
    grid: Grid


@dataclass(frozen=True)
class NetworkPanel:
    """The columns of the network."""

    features: tuple[FeatureRow, ...]
    features_error: str
    layers: tuple[LayerColumn, ...]
    full: bool
    """Whether no layer can be added."""
    layers_error: str
    outputs: int
    output_activation: str
    parameters: int


def data_panel(controls: Controls, prepared: Prepared) -> DataPanel:
    """What a network learns from."""
    spec = controls.experiment.data
    task = prepared.dataset.problem.task
    return DataPanel(
        problem=controls.named("problem", "Problem", task, choices_of(TASKS[controls.experiment.family])),
        kind=controls.union("data"),
        kinds=tuple(kind_tiles(task, spec.kind)),
        own_points=isinstance(spec, Points),
        own_points_error=controls.refusal.errors.get("data.points", ""),
        title=spec.title,
        noise=controls.at("data.noise"),
        train_fraction=controls.at("data.train_fraction"),
        validation_fraction=controls.at("data.validation_fraction"),
        samples=controls.at("data.samples") if hasattr(spec, "samples") else None,
        classes=controls.at("data.classes") if hasattr(spec, "classes") else None,
        columns=_columns(controls),
        task=controls.at("data.task", choices=_tasks(controls, prepared)) if isinstance(spec, Points) else None,
        scaling=controls.at("data.scaling", choices=choices_of(("none", "standard", "min_max"))),
        seed=controls.at("data.seed"),
        counts=part_counts(prepared),
    )


def _columns(controls: Controls) -> tuple[Control, ...]:
    """For the real datasets: which of their measures become x₁ and x₂."""
    spec = controls.experiment.data
    names: dict[str, tuple[str, ...]] = {"iris": IrisColumn.__args__, "wine": WineColumn.__args__}
    if spec.kind not in names:
        return ()
    choices = tuple(
        Choice(name, name.replace("_", " ").replace("od280/od315 of diluted wines", "OD 280/315"))
        for name in names[spec.kind]
    )
    chosen = getattr(spec, "columns", ("", ""))
    return tuple(
        controls.named("data.columns", f"x{sub}", column, choices) for sub, column in zip("₁₂", chosen, strict=True)
    )


def _tasks(controls: Controls, prepared: Prepared) -> tuple[Choice, ...]:
    told = Choice("", f"Told from the data: {prepared.dataset.problem.task}")
    return (told, *(Choice(task, _TASK_WORDS[task]) for task in TASKS[controls.experiment.family]))


def network_panel(controls: Controls, prepared: Prepared, parameters: int) -> NetworkPanel:
    """The columns of a network with so many parameters."""
    experiment, errors = as_plane(controls.experiment), controls.refusal.errors
    layers = experiment.network.layers
    maps = feature_maps()
    position = {name: index for index, name in enumerate(experiment.data.features)}
    # Whoever has no such choice decides by a threshold.
    activation = experiment.network.output_activation or "step"
    return NetworkPanel(
        features=tuple(FeatureRow(name, label(name), position.get(name, -1), maps[name]) for name in FEATURES),
        features_error=errors.get("data.features", ""),
        layers=tuple(_layer(controls, index) for index in range(len(layers))),
        full=len(layers) >= MAX_LAYERS,
        layers_error=errors.get("network.layers", ""),
        outputs=outputs(experiment.training.loss, prepared.dataset.problem),
        output_activation=label(activation),
        parameters=parameters,
    )


def _layer(controls: Controls, index: int) -> LayerColumn:
    path = f"network.layers.{index}"
    units = as_plane(controls.experiment).network.layers[index].units
    return LayerColumn(
        index=index,
        units=controls.at(f"{path}.units"),
        activation=controls.at(f"{path}.activation", choices=choices_of(ACTIVATIONS)),
        dropout=controls.at(f"{path}.dropout"),
        neurons=units,
        grid=neuron_grid(units),
    )
