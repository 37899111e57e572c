"""A loss landscape: what is asked for, and how it is told."""

from typing import Self

from pydantic import Field, model_validator

from app.schemas.data import Seed
from app.schemas.document import Document
from app.schemas.run import Count


class LandscapeRequest(Document):
    """Which part of the landscape around a network is wanted, and how finely."""

    seed: Seed = 0
    """Draws the two directions."""
    side: int = Field(default=25, ge=3, le=51)
    """Points along each direction: an odd number, so that the network itself is in the middle."""
    span: float = Field(default=1.0, gt=0, le=10)
    """How far it goes each way; at 1 each unit's weights move by as much as they are long."""

    @model_validator(mode="after")
    def _odd(self) -> Self:
        if self.side % 2 == 0:
            raise ValueError("side must be odd, so that the network itself is in the middle")
        return self


class Landscape(Document):
    """The training loss over a plane through a network's parameters, as far as it is known."""

    revision: Count
    """The run's when it was asked for."""
    step: Count
    """The updates that had been done."""
    epoch: Count
    """The passes that had been finished."""
    seed: int
    x: tuple[float, ...]
    """Places along the first direction."""
    y: tuple[float, ...]
    """Places along the second."""
    loss: tuple[tuple[float | None, ...], ...]
    """One row for each `y`, one number for each `x`; null where it is not known yet, or not finite."""
    centre: float | None
    """The loss in the middle: the run's at `step`."""
    done: Count
    """How many points are known, the nearest first."""
    total: Count
    """How many there are."""
