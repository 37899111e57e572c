"""A loss landscape: what is asked for, and how it is told."""

from typing import Literal, Self

from pydantic import Field, model_validator

from app.schemas.data import Seed
from app.schemas.document import Document
from app.schemas.run import Count

Directions = Literal["random", "trajectory"]
_OF_RANDOM = frozenset({"seed", "span"})


class LandscapeRequest(Document):
    """Which part of the landscape around a network is wanted, and how finely."""

    directions: Directions = "random"
    """Random ones, scaled to each unit's weights, or the two in which training has moved the network most."""
    seed: Seed = 0
    """Draws random directions."""
    side: int = Field(default=25, ge=3, le=51)
    """Points along each direction: an odd number, so that random directions have the network itself in the middle."""
    span: float = Field(default=1.0, gt=0, le=10)
    """How far it goes each way in random directions; at 1 each unit's weights move by as much as they are long."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.side % 2 == 0:
            raise ValueError("side must be odd, so that the network itself is in the middle")
        if self.directions == "trajectory" and self.model_fields_set & _OF_RANDOM:
            raise ValueError("seed and span are for random directions: the trajectory itself tells where it goes")
        return self


class Passed(Document):
    """A moment that a network has passed in training."""

    step: Count
    epoch: Count
    x: float
    """Where it is seen on the plane, straight from above."""
    y: float
    loss: float | None
    """What its own parameters give, off the plane, with the present data and settings; null as in `Landscape.loss`."""


class Landscape(Document):
    """The training loss over a plane through a network's parameters, as far as it is known."""

    revision: Count
    """The run's when it was asked for."""
    step: Count
    """The updates that had been done."""
    epoch: Count
    """The passes that had been finished."""
    directions: Directions
    seed: int | None
    """Of random directions; null along the trajectory."""
    x: tuple[float, ...]
    """Places along the first direction, the network at 0; along the trajectory, distances between parameters."""
    y: tuple[float, ...]
    """Places along the second."""
    loss: tuple[tuple[float | None, ...], ...]
    """One row for each `y`, one number for each `x`; null where it is not known yet, or not finite."""
    centre: float | None
    """The loss at (0, 0), where the network stands: the run's at `step`."""
    path: tuple[Passed, ...]
    """The moments that the trajectory's directions are of, in their order, the network last; none for random ones."""
    shares: tuple[float, float] | None
    """How much of the path's variance each of the trajectory's directions captures, from 0 to 1."""
    done: Count
    """How many losses are known: those of the path first, then the nearest."""
    total: Count
    """How many there are."""
