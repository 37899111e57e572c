"""Makes the contexts of app.web.lab.context from a run and its data. Nothing here changes a run."""

from collections.abc import Sequence

from app.data.dataset import Prepared, PreparedPictures
from app.families.base import PictureSetup
from app.families.registry import FAMILIES, family_of
from app.presets.library import preset_of
from app.runs.umap import installed
from app.schemas.experiment import PictureExperiment, default_experiment
from app.schemas.fixed import FIXED, TASKS
from app.schemas.network import OUTPUT_ACTIVATIONS
from app.schemas.resolve import losses_for
from app.schemas.run import PARTS, RunDocument
from app.web.lab.about import key_of
from app.web.lab.context import Knobs, Lab, LabTab, MetricRow, OutputPanel, Transport
from app.web.lab.controls import Choice, Controls, Refusal, choices_of, text_of
from app.web.lab.labels import label
from app.web.lab.mistakes import bound_words
from app.web.lab.parts import PART_TITLES
from app.web.lab.picture_data import PictureDataPanel, picture_data_panel
from app.web.lab.picture_network import PictureNetworkPanel, picture_network_panel
from app.web.lab.plane_panels import DataPanel, NetworkPanel, data_panel, network_panel
from app.web.lab.titles import title_of
from app.web.lab.view import View, address_of, charts_of

LEARNING_RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SPEEDS = (1, 2, 5, 10, 30, 100, 300, 1000)
STEP_UNITS = (Choice("sample", "1 sample"), Choice("batch", "1 batch"), Choice("epoch", "1 epoch"))
_SHOWN_METRICS = ("loss", "accuracy", "r2", "mistakes", "mean_iou")
_LABS = {
    "plane": ("Points", "Points on a plane, and a network that tells them apart"),
    "pictures": ("Pictures", "Pictures, and a convolutional network that tells what is on them"),
}


def transport_of(run: RunDocument, view: View, step_unit: str = "epoch", error: str = "") -> Transport:
    """The transport of a run; `step_unit` is what its step button does."""
    speed = "" if run.speed is None else text_of(run.speed)
    speeds = [Choice(text_of(float(value)), f"{value:,} epochs/s") for value in SPEEDS]
    if speed and all(choice.value != speed for choice in speeds):
        speeds.append(Choice(speed, f"{speed} epochs/s"))
    return Transport(
        run_id=run.id,
        revision=run.revision,
        status=run.status,
        message=run.message,
        epoch=run.epoch,
        passed=max(run.epoch, run.passed or 0),
        speed=speed,
        speeds=(*speeds, Choice("", "Full speed")),
        step_unit=step_unit,
        step_units=STEP_UNITS,
        hide=view.hide,
        error=error,
    )


def lab_of(run: RunDocument, prepared: Prepared, view: View, refusal: Refusal | None = None, message: str = "") -> Lab:
    """The lab of a run; `refusal` and `message` tell about a change that was not made."""
    family = family_of(run.resolved.family)
    fixed, tasks = FIXED[family.name], TASKS[family.name]
    hide = (*view.hide, *map(key_of, fixed), *(("problem",) if len(tasks) == 1 else ()))
    controls = Controls(run.resolved, refusal or Refusal(), hide)
    data, network = _panels(controls, prepared, run.parameters)
    return Lab(
        run_id=run.id,
        revision=run.revision,
        address=address_of(run.experiment, view),
        title=title_of(run.experiment),
        lesson=preset_of(run.experiment),
        transport=transport_of(run, view),
        knobs=_knobs(controls, prepared),
        sees=family.sees,
        data=data,
        network=network,
        output=_output(run, prepared),
        labs=_labs(family.sees),
        charts=charts_of(family.probes, fixed),
        hide=hide,
        undo=run.undo or "",
        redo=run.redo or "",
        message=message,
        reader=False,
    )


def _labs(chosen: str) -> tuple[LabTab, ...]:
    """All labs; each begins with the default Experiment of the first family that sees such things."""
    labs: list[LabTab] = []
    for sees, (title, hint) in _LABS.items():
        first = next(name for name, family in FAMILIES.items() if family.sees == sees)
        labs.append(LabTab(title, hint, address_of(default_experiment(first), View()), sees == chosen))
    return tuple(labs)


def _panels(
    controls: Controls, prepared: Prepared, parameters: int
) -> tuple[DataPanel | PictureDataPanel, NetworkPanel | PictureNetworkPanel]:
    """What the network learns from, and how it is built."""
    if isinstance(controls.experiment, PictureExperiment) and isinstance(prepared, PreparedPictures):
        setup = PictureSetup(controls.experiment, prepared)
        return picture_data_panel(controls, prepared), picture_network_panel(controls, setup)
    return data_panel(controls, prepared), network_panel(controls, prepared, parameters)


def _knobs(controls: Controls, prepared: Prepared) -> Knobs:
    losses = (Choice(name, label(name)) for name in losses_for(prepared.dataset.problem))
    families = (Choice(name, family.title) for name, family in FAMILIES.items())
    return Knobs(
        family=controls.at("family", "Kind of network", families),
        learning_rate=controls.at("training.optimizer.learning_rate", choices=_numbers(LEARNING_RATES)),
        optimizer=controls.union("training.optimizer"),
        optimizer_parameters=controls.parameters("training.optimizer"),
        loss=controls.at("training.loss", choices=losses),
        output_activation=controls.at("network.output_activation", choices=choices_of(OUTPUT_ACTIVATIONS)),
        l1=controls.at("training.regularization.l1", choices=_numbers(PENALTIES)),
        l2=controls.at("training.regularization.l2", choices=_numbers(PENALTIES)),
        batch_size=controls.at("training.batch_size"),
        shuffle=controls.at("training.shuffle"),
        balance_classes=controls.at("training.balance_classes"),
        early_stopping=controls.parameters("training.early_stopping"),
        schedule=controls.union("training.schedule"),
        schedule_parameters=controls.parameters("training.schedule"),
        clipping=controls.union("training.clipping"),
        clipping_parameters=controls.parameters("training.clipping"),
        init=controls.union("network.init"),
        init_parameters=controls.parameters("network.init"),
        seed=controls.at("seed"),
    )


def _output(run: RunDocument, prepared: Prepared) -> OutputPanel:
    measured = family_of(run.resolved.family).metric_names(prepared.dataset.problem)
    names = tuple(name for name in measured if name in _SHOWN_METRICS)
    rows: list[MetricRow] = []
    for part, count in zip(PARTS, prepared.counts, strict=True):
        metrics = (run.metrics or {}).get(part) or {}
        values = tuple(_metric(name, metrics.get(name)) for name in names)
        if count:
            rows.append(MetricRow(part, PART_TITLES[part], count, values))
    bound = bound_words(run.resolved, prepared) if "mistakes" in names else ""
    return OutputPanel(tuple((name, label(name)) for name in names), tuple(rows), bound, installed())


def _metric(name: str, value: float | None) -> str:
    """As static/js/core/format.js writes it."""
    if value is None:
        return "–"
    if name == "mistakes":
        return f"{value:,.0f}"
    return f"{value * 100:.1f} %" if name == "accuracy" else f"{value:.4f}"


def _numbers(values: Sequence[float]) -> tuple[Choice, ...]:
    return tuple(Choice(text_of(value), text_of(value)) for value in values)
