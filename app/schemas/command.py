"""What a visitor can tell a run to do, as one closed union tagged by `type`."""

from typing import Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from app.schemas.document import Document, TagRequired
from app.schemas.picture_network import MAX_PICTURE_LAYERS


class Point(Document):
    """A point on the way of a run: an absolute epoch or step, exact."""

    epoch: int | None = Field(default=None, ge=0, le=10_000_000)
    """Where this many passes are finished."""
    step: int | None = Field(default=None, ge=0, le=1_000_000_000)
    """Where this many updates are done."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.epoch is None) == (self.step is None):
            raise ValueError("give either `epoch` or `step`")
        return self


class Until(Point):
    """Where a run that plays pauses by itself."""


class Play(Document):
    """Train on, at the run's speed, to `until` or without end."""

    type: Literal["play"] = "play"
    until: Until | None = None


class Pause(Document):
    """Stop training; nothing is lost."""

    type: Literal["pause"] = "pause"


class Step(Document):
    """Pause, then train exactly this much. A `sample` is an update with one sample alone."""

    type: Literal["step"] = "step"
    unit: Literal["sample", "batch", "epoch"] = "epoch"
    count: int = Field(default=1, ge=1, le=100_000)


class Rewind(Point):
    """Pause, then go to an epoch or step that was passed before. Playing on does again what was done there."""

    type: Literal["rewind"] = "rewind"


class Reset(Document):
    """Back to step 0 of the experiment as it now reads, with the same initial weights."""

    type: Literal["reset"] = "reset"


class Undo(Document):
    """Takes the last change back: with all that was learnt before it, if it started training anew."""

    type: Literal["undo"] = "undo"


class Redo(Document):
    """Makes the change again that was taken back last."""

    type: Literal["redo"] = "redo"


class Speed(Document):
    """How fast a run plays: epochs per second, or null for as fast as the server can."""

    type: Literal["speed"] = "speed"
    epochs_per_second: float | None = Field(gt=0, le=1_000_000)


_PLACES = {"weight": "2 numbers, or 4 for a convolution, each", "bias": "1 number"}


class Edit(Document):
    """Sets one weight or bias. A weight's index is `[input, unit]`, or `[row, column, channel, filter]` of a
    convolution, a bias's `[unit]`; the output layer comes last."""

    type: Literal["edit"] = "edit"
    layer: int = Field(ge=0, le=MAX_PICTURE_LAYERS)
    parameter: Literal["weight", "bias"]
    index: tuple[int, ...] = Field(min_length=1, max_length=4)
    value: float = Field(ge=-1e6, le=1e6)

    @model_validator(mode="after")
    def _index(self) -> Self:
        if min(self.index) < 0 or (self.parameter == "bias" and len(self.index) > 1):
            raise ValueError(f"the index of a {self.parameter} has {_PLACES[self.parameter]} of at least 0")
        return self


class Look(Document):
    """Chooses the sample that frames show the inside of, by its row: training rows first, then validation, then test.

    Only a network for pictures shows single samples. It changes nothing in the run.
    """

    type: Literal["look"] = "look"
    row: int = Field(ge=0, lt=1_000_000)


AnyCommand = Play | Pause | Step | Rewind | Reset | Speed | Edit | Look | Undo | Redo


class Command(RootModel[Annotated[AnyCommand, Field(discriminator="type"), TagRequired("type")]]):
    """One command."""
