"""The Experiment: the only form of configuration, and its canonical form.

A URL, a preset, a REST body, a saved file and a teacher's task are all an Experiment. Derived defaults (samples, loss,
output activation, data seed) stay unset in the document; app.schemas.resolve fills them in.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, JsonValue, model_validator
from pydantic_core import to_json

from app.schemas.data import DATA_KINDS, Circle, Data, Seed
from app.schemas.document import Document
from app.schemas.network import INITIALIZERS, DenseNetwork
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES, Training

FamilyName = Literal["mlp", "perceptron"]


class Experiment(Document):
    """What is learnt, by which network, and how."""

    version: Literal[1] = 1
    """The version of this document's format."""
    family: FamilyName = "mlp"
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
    def _check(self) -> Self:
        if self.training.early_stopping is not None and self.data.validation_fraction == 0:
            raise ValueError("training.early_stopping needs data.validation_fraction above 0")
        return self

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


# Where a union sits in the document, and the models that it unites, the default one first.
UNIONS: Mapping[str, tuple[type[BaseModel], ...]] = {
    "data": DATA_KINDS,
    "network.init": INITIALIZERS,
    "training.optimizer": OPTIMIZERS,
    "training.schedule": SCHEDULES,
    "training.clipping": CLIPPINGS,
}


def union_member(path: str, kind: object) -> type[BaseModel] | None:
    """The model that `kind` names in the union at `path` (fields joined by dots), if any; None is the default one."""
    members = UNIONS.get(path, ())
    if kind is None:
        return members[0] if members else None
    return next((model for model in members if model.model_fields["kind"].default == kind), None)


def _canonical(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
