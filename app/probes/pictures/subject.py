"""What an explanation is about: a network that stands still, and one picture as it goes through its layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from app.errors import InvalidInput
from app.families.base import PictureSetup
from app.families.pictures import PictureObservation, shapes_of
from app.nn.pictures.lens import Aim, Slopes
from app.nn.pictures.shapes import Shape, in_words
from app.probes.predictions import predicted_classes
from app.schemas.explain import Question, told
from app.schemas.picture_network import PictureLayer

OUTPUT = "output"
"""What the output layer is called among the kinds of layers."""


class Network(Protocol):
    """A network as it was at one moment."""

    @property
    def setup(self) -> PictureSetup:
        """What it is about."""
        ...

    @property
    def tensors(self) -> Mapping[str, np.ndarray]:
        """Its parameters and statistics."""
        ...

    def look(self, pictures: np.ndarray, *, whole: bool = False) -> PictureObservation:
        """What it makes of pictures (n, channels, height, width) and, as a whole, of its samples."""
        ...

    def slopes(self, pictures: np.ndarray, aim: Aim) -> Slopes:
        """What would change its answers to pictures."""
        ...


@dataclass(frozen=True, eq=False)
class Subject:
    """See the module."""

    network: Network
    picture: np.ndarray
    """(channels, height, width), float32."""
    row: int | None
    """None for a picture that is none of the run's."""

    @cached_property
    def seen(self) -> PictureObservation:
        """What its layers make of the picture."""
        return self.network.look(self.picture[None])

    @property
    def setup(self) -> PictureSetup:
        """What the network is about."""
        return self.network.setup

    @property
    def layers(self) -> tuple[PictureLayer, ...]:
        """Without the output layer."""
        return self.setup.experiment.network.layers

    @property
    def label(self) -> int | None:
        """The class that the picture has, where that is known."""
        return None if self.row is None else int(self.setup.prepared.labels[self.row])

    @cached_property
    def outputs(self) -> np.ndarray:
        """(outputs,) the network's answer."""
        return np.asarray(self.seen.outputs)[:, 0]

    @property
    def predicted(self) -> int:
        """The class that the network answers."""
        return int(predicted_classes(self.setup, self.outputs[None])[0])

    def output(self, layer: int) -> np.ndarray:
        """What a layer gives on, the output layer included, in double precision."""
        values = self.outputs if layer == len(self.layers) else self.seen.maps[layer]
        return np.asarray(values, np.float64)

    def pre_activation(self, layer: int) -> np.ndarray:
        """Likewise before its activation."""
        return np.asarray(self.seen.pre_activations[layer], np.float64)

    def before(self, layer: int) -> np.ndarray:
        """What comes into a layer."""
        return np.asarray(self.picture, np.float64) if layer == 0 else self.output(layer - 1)

    def tensor(self, layer: int, name: str) -> np.ndarray:
        """A layer's parameters or statistics, in double precision."""
        return np.asarray(self.network.tensors[f"layers.{layer}.{name}"], np.float64)

    def kind(self, layer: int) -> str:
        """The kind of a layer."""
        return OUTPUT if layer == len(self.layers) else self.layers[layer].kind


def check_question(setup: PictureSetup, question: Question) -> None:
    """Raises InvalidInput at the field of a question that leads nowhere in such a network."""
    rows, classes, shapes = len(setup.prepared.inputs), setup.problem.classes, shapes_of(setup)
    if question.row is not None and question.row >= rows:
        raise InvalidInput.at("row", f"there are {rows:,} pictures, counted from 0")
    if question.class_index is not None and question.class_index >= classes:
        raise InvalidInput.at("class", f"there are {classes} classes, counted from 0")
    if question.layer is None:
        if question.kind == "grad_cam" and all(len(shape) == 1 for shape in shapes):
            raise InvalidInput.at("kind", "no layer of this network makes maps, which Grad-CAM needs")
        return
    if question.layer >= len(shapes):
        raise InvalidInput.at("layer", f"there are {len(shapes)} layers, the output layer included, counted from 0")
    _check_place(question, shapes[question.layer])


def _check_place(question: Question, shape: Shape) -> None:
    if question.kind in ("grad_cam", "top", "synthesis") and len(shape) == 1:
        raise InvalidInput.at("layer", f"makes {in_words(shape)}, but {question.kind} needs a layer that makes maps")
    if question.kind in ("top", "synthesis"):
        _check_sides(question, shape, ("channel",), shape[:1])
    if question.kind == "unit":
        names = ("unit",) if len(shape) == 1 else ("channel", "y", "x")
        _check_sides(question, shape, names, shape)
        for name in {"unit", "channel", "y", "x"}.difference(names):
            if getattr(question, name) is not None:
                raise InvalidInput.at(name, f"layer {question.layer} makes {in_words(shape)}")


def _check_sides(question: Question, shape: Shape, names: Sequence[str], sides: Sequence[int]) -> None:
    for name, side in zip(names, sides, strict=True):
        value = getattr(question, name)
        if value is None:
            raise InvalidInput.at(told(name), f"field required: layer {question.layer} makes {in_words(shape)}")
        if value >= side:
            raise InvalidInput.at(told(name), f"must be below {side}: layer {question.layer} makes {in_words(shape)}")
