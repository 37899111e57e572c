"""The Experiment: the only form of configuration, and its canonical form.

A URL, a preset, a REST body, a saved file and a teacher's task are all an Experiment. Derived defaults (samples, loss,
output activation, data seed) stay unset in the document; app.schemas.resolve fills them in.
"""

import hashlib
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, Literal, Self, TypeVar, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    Discriminator,
    JsonValue,
    RootModel,
    Tag,
    model_validator,
)
from pydantic_core import to_json

from app.errors import InvalidInput
from app.schemas.data import DATA_KINDS, Circle, Data, Seed
from app.schemas.document import Document, parse, parse_value
from app.schemas.network import INITIALIZERS, DenseNetwork
from app.schemas.picture_data import PICTURE_DATA_KINDS, Digits, PictureData
from app.schemas.picture_network import PICTURE_LAYERS, PictureNetwork
from app.schemas.picture_training import PictureTraining
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES, Training

PlaneFamily = Literal["mlp", "perceptron"]
PictureFamily = Literal["cnn"]
SECTIONS = ("data", "network", "training")
"""The parts of an Experiment that depend on its family."""
FAMILY_NAMES: tuple[str, ...] = (*get_args(PlaneFamily), *get_args(PictureFamily))


def _known_family(value: object) -> object:
    if value not in FAMILY_NAMES:
        raise ValueError(f"must be one of {', '.join(FAMILY_NAMES)}")
    return value


class ExperimentBase(Document):
    """What all Experiments have in common, and how they are written down."""

    version: Literal[1] = 1
    """The version of this document's format."""

    def document(self) -> dict[str, Any]:
        """The whole document with its fixed defaults; derived ones only where they were given. JSON's types."""
        return self.model_dump(mode="json", exclude_none=True)

    def given(self) -> dict[str, Any]:
        """Only what was given, in JSON's types: what a merge patch is applied to."""
        return self.model_dump(mode="json", exclude_unset=True)

    def canonical(self) -> bytes:
        """The one JSON text of this Experiment: all fixed defaults, keys sorted, whole numbers without a fraction."""
        return to_json(_canonical(self.document()))

    def digest(self) -> str:
        """A stable hash (SHA-256, hexadecimal) of the canonical form."""
        return hashlib.sha256(self.canonical()).hexdigest()


class PlaneExperiment(ExperimentBase):
    """Points in a plane, learnt by a dense network."""

    family: Annotated[PlaneFamily, BeforeValidator(_known_family)] = "mlp"
    """The kind of network."""
    seed: Seed = 0
    """Every random choice follows from it."""
    data: Data = Circle()
    """What the network learns from."""
    network: DenseNetwork = DenseNetwork()
    """How the network is built."""
    training: Training = Training()
    """How it is trained."""

    @model_validator(mode="after")
    def _checked(self) -> Self:
        _check(self)
        return self


class PictureExperiment(ExperimentBase):
    """Pictures, learnt by a convolutional network."""

    family: PictureFamily
    """The kind of network."""
    seed: Seed = 0
    """Every random choice follows from it."""
    data: PictureData = Digits()
    """What the network learns from."""
    network: PictureNetwork = PictureNetwork()
    """How the network is built."""
    training: PictureTraining = PictureTraining()
    """How it is trained."""

    @model_validator(mode="after")
    def _checked(self) -> Self:
        _check(self)
        return self


Form = TypeVar("Form", bound=PlaneExperiment | PictureExperiment)
"""An Experiment of one form: what is done to it leaves the form as it is."""


def _form(value: object) -> str:
    family = cast("dict[str, object]", value).get("family") if isinstance(value, dict) else getattr(value, "family", "")
    return "picture" if family in get_args(PictureFamily) else "plane"


Experiment = Annotated[
    Annotated[PlaneExperiment, Tag("plane")] | Annotated[PictureExperiment, Tag("picture")],
    Discriminator(_form),
]
"""What is learnt, by which network, and how. Its family says which form it has."""


class ExperimentDocument(RootModel[Experiment]):
    """An Experiment of any form."""


def parse_experiment(text: str | bytes) -> Experiment:
    """The Experiment that JSON `text` describes. Raises what app.schemas.document.parse raises."""
    return parse(ExperimentDocument, text).root


def read_experiment(value: Mapping[str, Any]) -> Experiment:
    """Likewise, from a value made of JSON's types."""
    return parse_value(ExperimentDocument, value).root


def experiment_schema() -> dict[str, Any]:
    """The JSON Schema of all forms."""
    return ExperimentDocument.model_json_schema()


def default_experiment(family: object) -> Experiment:
    """The Experiment of which nothing is given but its family; of the default family where there is no such one."""
    if family in get_args(PictureFamily):
        return PictureExperiment(family=cast("PictureFamily", family))
    return PlaneExperiment(family=cast("PlaneFamily", family)) if family in get_args(PlaneFamily) else PlaneExperiment()


def as_plane(experiment: Experiment) -> PlaneExperiment:
    """An Experiment about points in a plane. Raises InvalidInput where it is about something else."""
    if not isinstance(experiment, PlaneExperiment):
        raise InvalidInput.at("family", f"a {experiment.family} does not learn from points in a plane")
    return experiment


def as_pictures(experiment: Experiment) -> PictureExperiment:
    """An Experiment about pictures. Raises InvalidInput where it is about something else."""
    if not isinstance(experiment, PictureExperiment):
        raise InvalidInput.at("family", f"a {experiment.family} does not learn from pictures")
    return experiment


# Where a union sits in a document of any form, and the models that it unites.
UNIONS: Mapping[str, tuple[type[BaseModel], ...]] = {
    "data": (*DATA_KINDS, *PICTURE_DATA_KINDS),
    "network.init": INITIALIZERS,
    "network.layers": PICTURE_LAYERS,
    "training.optimizer": OPTIMIZERS,
    "training.schedule": SCHEDULES,
    "training.clipping": CLIPPINGS,
}


def union_member(path: str, kind: object) -> type[BaseModel] | None:
    """The model that `kind` names in the union at `path` (fields joined by dots), if any."""
    return next((model for model in UNIONS.get(path, ()) if model.model_fields["kind"].default == kind), None)


def usual_kind(form: type[ExperimentBase], path: str) -> object:
    """The kind that the document at `path` is of where none is given, if it is one of a union."""
    section, *steps = path.split(".")
    if path not in UNIONS:
        return None
    return getattr(reduce(getattr, steps, form.model_fields[section].default), "kind", None)


def _check(experiment: "PlaneExperiment | PictureExperiment") -> None:
    """Raises ValueError where fields contradict each other."""
    if experiment.training.early_stopping is not None and experiment.data.validation_fraction == 0:
        raise ValueError("training.early_stopping needs data.validation_fraction above 0")


def _canonical(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
