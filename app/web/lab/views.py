"""Makes the contexts of app.web.lab.context from a run and its data. Nothing here changes a run."""

from collections.abc import Mapping, Sequence

from app.data.dataset import Prepared
from app.families.registry import FAMILIES, family_of
from app.presets.library import preset_of
from app.schemas.data import FEATURES, IrisColumn, Points, Task, WineColumn
from app.schemas.experiment import as_plane
from app.schemas.fixed import FIXED, TASKS
from app.schemas.network import ACTIVATIONS, MAX_LAYERS, OUTPUT_ACTIVATIONS
from app.schemas.resolve import losses_for, outputs
from app.schemas.run import PARTS, Part, RunDocument
from app.web.lab.about import key_of
from app.web.lab.context import (
    LABS,
    DataPanel,
    FeatureRow,
    Knobs,
    Lab,
    LayerColumn,
    MetricRow,
    NetworkPanel,
    OutputPanel,
    Transport,
)
from app.web.lab.controls import Choice, Control, Controls, Refusal, text_of
from app.web.lab.kinds import kind_tiles
from app.web.lab.labels import label
from app.web.lab.layers import neuron_grid
from app.web.lab.mistakes import bound_words
from app.web.lab.pictures import feature_maps
from app.web.lab.titles import title_of
from app.web.lab.view import View, address_of, charts_of

LEARNING_RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SPEEDS = (1, 2, 5, 10, 30, 100, 300, 1000)
STEP_UNITS = (Choice("sample", "1 sample"), Choice("batch", "1 batch"), Choice("epoch", "1 epoch"))
_TASK_WORDS: Mapping[Task, str] = {"classification": "Classes", "regression": "Values"}
_SHOWN_METRICS = ("loss", "accuracy", "r2", "mistakes")


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
    family = run.resolved.family
    hide = (*view.hide, *map(key_of, FIXED[family]), *(("problem",) if len(TASKS[family]) == 1 else ()))
    controls = Controls(run.resolved, refusal or Refusal(), hide)
    return Lab(
        run_id=run.id,
        revision=run.revision,
        address=address_of(run.experiment, view),
        title=title_of(run.experiment),
        lesson=preset_of(run.experiment),
        transport=transport_of(run, view),
        knobs=_knobs(controls, prepared),
        data=_data(controls, prepared),
        network=_network(controls, prepared, run.parameters),
        output=_output(run, prepared),
        labs=LABS,
        charts=charts_of(family_of(family).probes, FIXED[family]),
        hide=hide,
        undo=run.undo or "",
        redo=run.redo or "",
        message=message,
        reader=False,
    )


def _knobs(controls: Controls, prepared: Prepared) -> Knobs:
    losses = (Choice(name, label(name)) for name in losses_for(prepared.dataset.problem))
    families = (Choice(name, family.title) for name, family in FAMILIES.items())
    return Knobs(
        family=controls.at("family", "Kind of network", families),
        learning_rate=controls.at("training.optimizer.learning_rate", choices=_numbers(LEARNING_RATES)),
        optimizer=controls.union("training.optimizer"),
        optimizer_parameters=controls.parameters("training.optimizer"),
        loss=controls.at("training.loss", choices=losses),
        output_activation=controls.at("network.output_activation", choices=_words(OUTPUT_ACTIVATIONS)),
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


def _data(controls: Controls, prepared: Prepared) -> DataPanel:
    spec = controls.experiment.data
    task = prepared.dataset.problem.task
    names = ("Training", "Validation", "Test")
    return DataPanel(
        problem=controls.named("problem", "Problem", task, _words(TASKS[controls.experiment.family])),
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
        scaling=controls.at("data.scaling", choices=_words(("none", "standard", "min_max"))),
        seed=controls.at("data.seed"),
        counts=tuple((name, count) for name, count in zip(names, prepared.counts, strict=True) if count),
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


def _network(controls: Controls, prepared: Prepared, parameters: int) -> NetworkPanel:
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
        activation=controls.at(f"{path}.activation", choices=_words(ACTIVATIONS)),
        dropout=controls.at(f"{path}.dropout"),
        neurons=units,
        grid=neuron_grid(units),
    )


def _output(run: RunDocument, prepared: Prepared) -> OutputPanel:
    measured = family_of(run.resolved.family).metric_names(prepared.dataset.problem)
    names = tuple(name for name in measured if name in _SHOWN_METRICS)
    titles: dict[Part, str] = {"train": "Training", "validation": "Validation", "test": "Test"}
    rows: list[MetricRow] = []
    for part, count in zip(PARTS, prepared.counts, strict=True):
        metrics = (run.metrics or {}).get(part) or {}
        values = tuple(_metric(name, metrics.get(name)) for name in names)
        if count:
            rows.append(MetricRow(part, titles[part], count, values))
    bound = bound_words(run.resolved, prepared) if "mistakes" in names else ""
    return OutputPanel(tuple((name, label(name)) for name in names), tuple(rows), bound)


def _metric(name: str, value: float | None) -> str:
    """As static/js/core/format.js writes it."""
    if value is None:
        return "–"
    if name == "mistakes":
        return f"{value:,.0f}"
    return f"{value * 100:.1f} %" if name == "accuracy" else f"{value:.4f}"


def _words(names: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, label(name)) for name in names)


def _numbers(values: Sequence[float]) -> tuple[Choice, ...]:
    return tuple(Choice(text_of(value), text_of(value)) for value in values)
