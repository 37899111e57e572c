"""What the templates of the lab are given: frozen documents. app.web.lab.views makes them.

`templates/partials/lab.html` shows a Lab, `templates/partials/transport.html` a Transport, `templates/pages/lab.html` a
LabPage.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.presets.preset import Preset
from app.schemas.data import FeatureName
from app.schemas.run import Part, Status
from app.web.lab.about import About
from app.web.lab.controls import Choice, Control
from app.web.lab.layers import Grid
from app.web.lab.pictures import FeatureMap, KindPicture
from app.web.lab.view import Chart


@dataclass(frozen=True)
class LabTab:
    """One of the playground's labs, as the bar lists them."""

    title: str
    hint: str
    address: str


LABS = (LabTab("2-D", "Points on a plane, and a network that tells them apart", "/"),)


@dataclass(frozen=True)
class Transport:
    """What the row of buttons that drive a run shows."""

    run_id: str
    revision: int
    status: Status
    message: str
    epoch: int
    passed: int
    """The last epoch that it can go to."""
    speed: str
    speeds: tuple[Choice, ...]
    step_unit: str
    step_units: tuple[Choice, ...]
    hide: tuple[str, ...]
    """Keys of controls that are left out."""
    error: str = ""


@dataclass(frozen=True)
class TransportPart:
    """The transport alone, for whoever has just told the run something."""

    transport: Transport
    reader: bool = False


@dataclass(frozen=True)
class Knobs:
    """How the network is trained and how its weights begin."""

    family: Control
    learning_rate: Control
    optimizer: Control
    optimizer_parameters: tuple[Control, ...]
    loss: Control
    output_activation: Control
    l1: Control
    l2: Control
    batch_size: Control
    shuffle: Control
    balance_classes: Control
    early_stopping: tuple[Control, ...]
    schedule: Control
    schedule_parameters: tuple[Control, ...]
    clipping: Control
    clipping_parameters: tuple[Control, ...]
    init: Control
    init_parameters: tuple[Control, ...]
    seed: Control


@dataclass(frozen=True)
class KindTile:
    """One kind of data to choose."""

    value: str
    name: str
    title: str
    hint: str
    chosen: bool


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


@dataclass(frozen=True)
class MetricRow:
    """The metrics of one part, in the order of OutputPanel.metrics; empty text where there are none yet."""

    part: Part
    label: str
    samples: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class OutputPanel:
    """What the table under the output shows."""

    metrics: tuple[tuple[str, str], ...]
    """Name and label of each metric shown."""
    rows: tuple[MetricRow, ...]
    bound: str
    """How many mistakes there can be, in words, where that is known."""


@dataclass(frozen=True)
class Lab:
    """Everything on the page that follows from the Experiment."""

    run_id: str
    revision: int
    address: str
    """Where this Experiment can be had again: the page's address."""
    title: str
    """What this Experiment is called."""
    lesson: Preset | None
    """The preset whose Experiment this is."""
    transport: Transport
    knobs: Knobs
    data: DataPanel
    network: NetworkPanel
    output: OutputPanel
    labs: tuple[LabTab, ...]
    charts: tuple[Chart, ...]
    """Those that mean something for this kind of network."""
    hide: tuple[str, ...]
    """Keys of controls that are left out, by the address or because this kind of network has no such choice."""
    undo: str
    """What the last change was, if it can be taken back."""
    redo: str
    """What was taken back last, if it can be made again."""
    message: str
    """What was wrong with a change that belongs to no single control; nothing where all went well."""
    reader: bool
    """Whether it is somebody else's, to be looked at only."""


@dataclass(frozen=True)
class LabPage(Lab):
    """The whole page: a lab and what stands around it."""

    pictures: tuple[KindPicture, ...]
    modules: tuple[str, ...]
    """Addresses of the JavaScript modules, to be fetched at once."""
    abouts: Mapping[str, About]
    """What every control is, by its key."""
    often_hidden: tuple[tuple[str, tuple[str, ...]], ...]
    """Keys of controls that a teacher is offered to leave out, in groups."""
    problem: str
    """What was wrong with the address that was opened."""
    problem_fields: tuple[tuple[str, str], ...]
    """The bad fields of that address: where, and what."""
    limits: tuple[str, ...]
    """Of which limits the visitor has used nearly all, in words."""
