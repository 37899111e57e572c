"""Everything that can be chosen, derived from the schema's models: kinds, fields with ranges, names, limits.

What only families know (their metrics, what frames they draw), and what depends on the server, is handed in by whoever
asks.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from app.schemas.command import Command
from app.schemas.data import (
    DATA_KINDS,
    FEATURES,
    MAX_CLASSES,
    MAX_INLINE_POINTS,
    MAX_SAMPLES,
    DataBase,
    Scaling,
    Task,
)
from app.schemas.document import Document
from app.schemas.experiment import PlaneExperiment, experiment_schema
from app.schemas.frame import FRAME_PARTS
from app.schemas.network import ACTIVATIONS, INITIALIZERS, MAX_LAYERS, MAX_UNITS, OUTPUT_ACTIVATIONS, DenseLayer
from app.schemas.picture_data import PICTURE_DATA_KINDS, PictureDataBase
from app.schemas.picture_network import PICTURE_LAYERS
from app.schemas.resolve import Problem, losses_for
from app.schemas.training import CLIPPINGS, LOSSES, OPTIMIZERS, SCHEDULES, LossName
from app.settings import Settings

LossTask = Literal["regression", "two_classes", "several_classes", "detection"]

_LOSS_TASKS: Mapping[LossTask, Problem] = {
    "regression": Problem("regression"),
    "two_classes": Problem("classification", 2),
    "several_classes": Problem("classification", 3),
    "detection": Problem("detection", 3),
}
_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum",
}


class FieldChoice(Document):
    """One field that can be set. What does not apply to its type is absent."""

    name: str
    type: Literal["number", "integer", "boolean", "string", "array", "object"]
    description: str
    required: bool
    nullable: bool
    default: Any = None
    """Null also where it is derived from the rest of the Experiment; absent where the field is required."""
    choices: tuple[Any, ...] | None = None
    """The values that a string, or each item of an array, may have."""
    minimum: int | float | None = None
    maximum: int | float | None = None
    exclusive_minimum: int | float | None = None
    exclusive_maximum: int | float | None = None

    @model_serializer(mode="wrap")
    def _present(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if name in self.model_fields_set}


class KindChoice(Document):
    """One kind of something, with the fields that it has."""

    kind: str
    title: str
    description: str
    fields: tuple[FieldChoice, ...]


class DataChoice(KindChoice):
    """One kind of data."""

    task: Task | None
    """Null where it depends on the points."""


class LossChoice(Document):
    """One loss."""

    name: str
    tasks: tuple[LossTask, ...]
    """The tasks that it fits."""
    default_for: tuple[LossTask, ...]
    """The tasks that take it where no loss is given."""


class FamilyChoice(Document):
    """One family of networks."""

    name: str
    title: str
    fixed: tuple[str, ...]
    """Fields of the Experiment that it leaves no choice of."""
    sees: Literal["plane", "pictures"]
    """Whether it learns from `data` by `layers`, or from `picture_data` by `picture_layers`."""
    metrics: dict[Task, tuple[str, ...]]
    """What is measured on each part of the data, by task."""
    parts: tuple[str, ...]
    """What its frames can hold."""


class Limits(Document):
    """How much of everything there may be. Null where only a visitor among several is limited, and there is one."""

    layers: int = MAX_LAYERS
    units: int = MAX_UNITS
    samples: int = MAX_SAMPLES
    classes: int = MAX_CLASSES
    inline_points: int = MAX_INLINE_POINTS
    parameters: int
    """Weights and biases of one network."""
    work: int
    """Multiplications of one network that sees all of its samples once."""
    runs: int
    runs_per_visitor: int | None
    running_runs: int
    """Others wait in a queue."""
    running_runs_per_visitor: int | None
    compute_seconds_per_visitor: float | None
    """Compute time that a visitor may use at once."""
    compute_refill: float | None
    """Seconds of it that come back each second."""
    unwatched_compute_seconds: float
    """A run without a goal pauses after so much compute time that nobody watched."""
    waiting_compiles: int
    """Networks that may wait to be compiled."""
    waiting_compiles_per_visitor: int | None
    requests_per_second: int | None
    """Of one visitor, on average over ten seconds."""
    event_streams: int
    event_streams_per_visitor: int | None
    runs_per_event_stream: int
    body_bytes: int
    upload_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the schema and those of one server."""
        several = not settings.single_user
        return cls(
            parameters=settings.max_parameters,
            work=settings.max_work,
            runs=settings.max_runs,
            runs_per_visitor=settings.max_runs_per_visitor if several else None,
            running_runs=settings.max_running,
            running_runs_per_visitor=settings.max_running_per_visitor if several else None,
            compute_seconds_per_visitor=settings.compute_seconds if several else None,
            compute_refill=settings.compute_refill if several else None,
            unwatched_compute_seconds=settings.unwatched_compute_seconds,
            waiting_compiles=settings.max_compiles,
            waiting_compiles_per_visitor=settings.max_compiles_per_visitor if several else None,
            requests_per_second=settings.requests_per_second if several else None,
            event_streams=settings.max_streams,
            event_streams_per_visitor=settings.max_streams_per_visitor if several else None,
            runs_per_event_stream=settings.max_runs_per_stream,
            body_bytes=settings.max_body_bytes,
            upload_bytes=settings.max_upload_bytes,
        )


class Catalog(Document):
    """Everything that can be chosen."""

    model_config = ConfigDict(serialize_by_alias=True)

    families: tuple[FamilyChoice, ...]
    data: tuple[DataChoice, ...]
    picture_data: tuple[DataChoice, ...]
    features: tuple[str, ...] = FEATURES
    scalings: tuple[str, ...] = get_args(Scaling)
    layers: tuple[KindChoice, ...]
    picture_layers: tuple[KindChoice, ...]
    activations: tuple[str, ...] = ACTIVATIONS
    output_activations: tuple[str, ...] = OUTPUT_ACTIVATIONS
    initializers: tuple[KindChoice, ...]
    losses: tuple[LossChoice, ...]
    optimizers: tuple[KindChoice, ...]
    schedules: tuple[KindChoice, ...]
    clippings: tuple[KindChoice, ...]
    commands: tuple[KindChoice, ...]
    frame_parts: tuple[str, ...] = FRAME_PARTS
    explanations: tuple[str, ...]
    """What this server can explain of networks for pictures."""
    limits: Limits
    defaults: dict[str, Any]
    """The Experiment of which nothing is given."""
    experiment_schema: dict[str, Any] = Field(alias="schema")
    """The Experiment's JSON Schema."""


def catalog(settings: Settings, families: Iterable[FamilyChoice], explanations: Iterable[str]) -> Catalog:
    """The catalog of one server."""
    commands: tuple[type[BaseModel], ...] = get_args(Command.model_fields["root"].annotation)
    return Catalog(
        families=tuple(families),
        data=tuple(_data(model) for model in DATA_KINDS),
        picture_data=tuple(_data(model) for model in PICTURE_DATA_KINDS),
        layers=(_kind(DenseLayer),),
        picture_layers=_kinds(PICTURE_LAYERS),
        initializers=_kinds(INITIALIZERS),
        losses=_losses(),
        optimizers=_kinds(OPTIMIZERS),
        schedules=_kinds(SCHEDULES),
        clippings=_kinds(CLIPPINGS),
        commands=tuple(_kind(model, tag="type") for model in commands),
        explanations=tuple(explanations),
        limits=Limits.of(settings),
        defaults=PlaneExperiment().document(),
        schema=_experiment_schema(),
    )


@cache
def _experiment_schema() -> dict[str, Any]:
    return experiment_schema()


@cache
def _kind(model: type[BaseModel], tag: str = "kind") -> KindChoice:
    schema = model.model_json_schema()
    properties: dict[str, dict[str, Any]] = schema["properties"]
    required = schema.get("required", ())
    return KindChoice(
        kind=properties[tag]["const"],
        title=getattr(model, "title", model.__name__),
        description=schema["description"],
        fields=tuple(
            _field(name, given, schema, required=name in required) for name, given in properties.items() if name != tag
        ),
    )


def _kinds(models: Iterable[type[BaseModel]]) -> tuple[KindChoice, ...]:
    return tuple(_kind(model) for model in models)


def _data(model: type[DataBase] | type[PictureDataBase]) -> DataChoice:
    return DataChoice(**dict(_kind(model)), task=model.poses)


def _field(name: str, given: Mapping[str, Any], schema: Mapping[str, Any], *, required: bool) -> FieldChoice:
    """From a property of a JSON Schema; `X or null` is X, nullable."""
    options = [option for option in given.get("anyOf", (given,)) if option.get("type") != "null"]
    rules = options[0]
    if "$ref" in rules:
        rules = schema["$defs"][rules["$ref"].rpartition("/")[2]]
    items: list[Mapping[str, Any]] = rules.get("prefixItems") or [rules.get("items") or {}]
    choices: Iterable[Any] | None = rules.get("enum") or items[0].get("enum")
    bounds = {name: rules[key] for name, key in _BOUNDS.items() if key in rules}
    default = {"default": given["default"]} if "default" in given else {}
    return FieldChoice(
        name=name,
        type=rules["type"],
        description=given.get("description", ""),
        required=required,
        nullable="anyOf" in given,
        **default,
        **({"choices": tuple(choices)} if choices else {}),
        **bounds,
    )


def _losses() -> tuple[LossChoice, ...]:
    fitting: dict[LossTask, tuple[LossName, ...]] = {task: losses_for(problem) for task, problem in _LOSS_TASKS.items()}
    return tuple(
        LossChoice(
            name=loss,
            tasks=tuple(task for task, losses in fitting.items() if loss in losses),
            default_for=tuple(task for task, losses in fitting.items() if losses[0] == loss),
        )
        for loss in LOSSES
    )
