"""The panel of pictures to learn from: kinds, their fields, and how many pictures there are of each class."""

from dataclasses import dataclass, replace

import numpy as np

from app.data.dataset import PreparedPictures
from app.schemas.experiment import as_pictures
from app.schemas.picture_data import Pictures
from app.schemas.run import PARTS, Part
from app.web.lab.controls import Control, Controls
from app.web.lab.kinds import KindTile, picture_kind_tiles
from app.web.lab.parts import PART_TITLES, part_counts


@dataclass(frozen=True)
class ClassBar:
    """How many pictures there are of a class."""

    name: str
    training: int
    others: int
    """For validation and testing."""


@dataclass(frozen=True)
class PictureDataPanel:
    """What the network learns from."""

    kind: Control
    kinds: tuple[KindTile, ...]
    own: str
    """The id of one's own pictures, where they are learnt from."""
    title: str
    task: Control | None
    sliders: tuple[Control, ...]
    """Choices from 0 to 1 that this kind of pictures has."""
    colour: Control | None
    numbers: tuple[Control, ...]
    """How many, how large."""
    noise: Control
    train_fraction: Control
    validation_fraction: Control
    copies: Control
    flip: Control
    changes: tuple[Control, ...]
    """How far copies differ from their pictures."""
    seed: Control
    counts: tuple[tuple[str, int], ...]
    classes: tuple[ClassBar, ...]
    most: int
    """Pictures of the largest class."""
    parts: tuple[tuple[Part, str], ...]
    """Name and title of each part that has pictures."""
    boxes: bool
    """Whether it is to be learnt where things are, too."""


_SLIDERS = ("position", "scale", "rotation")
_NUMBERS = ("classes", "side")


def picture_data_panel(controls: Controls, prepared: PreparedPictures) -> PictureDataPanel:
    """The panel of a run's data."""
    spec, fields = as_pictures(controls.experiment).data, type(as_pictures(controls.experiment).data).model_fields
    samples = controls.at("data.samples")
    bars = _bars(prepared)
    changed = {control.path.rpartition(".")[2]: control for control in controls.parameters("data.augmentation")}
    return PictureDataPanel(
        kind=controls.union("data"),
        kinds=tuple(picture_kind_tiles(spec.kind)),
        own=spec.dataset if isinstance(spec, Pictures) else "",
        title=spec.title,
        task=controls.choice("data.task") if "task" in fields else None,
        sliders=tuple(controls.at(f"data.{name}") for name in _SLIDERS if name in fields),
        colour=controls.at("data.colour") if "colour" in fields else None,
        numbers=(
            samples if samples.value else replace(samples, value=str(len(prepared.dataset.labels))),
            *(controls.at(f"data.{name}") for name in _NUMBERS if name in fields),
        ),
        noise=controls.at("data.noise"),
        train_fraction=controls.at("data.train_fraction"),
        validation_fraction=controls.at("data.validation_fraction"),
        copies=changed.pop("copies"),
        flip=changed.pop("flip"),
        changes=tuple(changed.values()),
        seed=controls.at("data.seed"),
        counts=part_counts(prepared),
        classes=bars,
        most=max(bar.training + bar.others for bar in bars),
        parts=tuple((part, PART_TITLES[part]) for part, count in zip(PARTS, prepared.counts, strict=True) if count),
        boxes=prepared.dataset.boxes is not None,
    )


def _bars(prepared: PreparedPictures) -> tuple[ClassBar, ...]:
    names, train = prepared.dataset.class_names, prepared.counts[0]
    labels = prepared.labels.astype(np.int64)
    training, others = (np.bincount(some, minlength=len(names)) for some in (labels[:train], labels[train:]))
    return tuple(ClassBar(*bar) for bar in zip(names, training.tolist(), others.tolist(), strict=True))
