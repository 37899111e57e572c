"""What the templates of the lab are given: frozen documents. app.web.lab.views makes them.

`templates/partials/lab.html` shows a Lab, `templates/partials/transport.html` a Transport, `templates/pages/lab.html` a
LabPage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.presets.preset import Preset
from app.schemas.run import Part, Status
from app.web.lab.about import About
from app.web.lab.controls import Choice, Control
from app.web.lab.picture_data import PictureDataPanel
from app.web.lab.picture_network import PictureNetworkPanel
from app.web.lab.pictures import KindPicture
from app.web.lab.plane_panels import DataPanel, NetworkPanel
from app.web.lab.view import Chart


@dataclass(frozen=True)
class LabTab:
    """One of the playground's labs, as the bar lists them."""

    title: str
    hint: str
    address: str
    """Where it begins."""
    chosen: bool


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
    umap: bool
    """Whether the server can compute UMAP."""


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
    sees: Literal["plane", "pictures"]
    """What this kind of network sees, and so which panels there are."""
    data: DataPanel | PictureDataPanel
    network: NetworkPanel | PictureNetworkPanel
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
    """What every control and every term is, by its key."""
    picture_abouts: Mapping[str, About]
    """Likewise, where it is told otherwise in the lab of pictures."""
    glossary: tuple[str, ...]
    """Keys of texts that explain networks for pictures, in an order to be read in."""
    often_hidden: tuple[tuple[str, tuple[str, ...]], ...]
    """Keys of controls that a teacher is offered to leave out, in groups."""
    problem: str
    """What was wrong with the address that was opened."""
    problem_fields: tuple[tuple[str, str], ...]
    """The bad fields of that address: where, and what."""
    limits: tuple[str, ...]
    """Of which limits the visitor has used nearly all, in words."""
