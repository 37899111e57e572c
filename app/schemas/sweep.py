"""A sweep: one Experiment trained again and again with other values of chosen fields, to find which does best."""

from datetime import datetime
from math import exp, log
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, model_validator

from app.schemas.data import Seed
from app.schemas.document import Document
from app.schemas.experiment import Experiment, PlaneExperiment
from app.schemas.run import Count, Part

MOST_FIELDS = 6
MOST_TRIALS = 200
MOST_VALUES = 50
MOST_EPOCHS = 10_000

Metric = Literal["loss", "accuracy", "r2", "mean_absolute_error", "root_mean_squared_error"]
HIGHER_IS_BETTER: frozenset[Metric] = frozenset({"accuracy", "r2"})

TrialStatus = Literal["waiting", "compiling", "training", "finished", "diverged", "failed"]
SweepStatus = Literal["running", "stopped", "finished"]

Values = Annotated[tuple[JsonValue, ...], Field(min_length=1, max_length=MOST_VALUES)]
Number = Annotated[float, Field(ge=-1e12, le=1e12)]


class Range(Document):
    """The numbers from `low` to `high`, both included."""

    low: Number
    high: Number
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False
    """Whether only whole numbers are meant."""
    points: int = Field(default=5, ge=2, le=MOST_VALUES)
    """How many of them a grid takes; a random search takes any."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        if self.scale == "log" and self.low <= 0:
            raise ValueError("low must be above 0 where the scale is logarithmic")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError("low and high must be whole where only whole numbers are meant")
        return self

    def at(self, share: float) -> float:
        """The number that so much of the way leads to, from 0 at `low` to 1 at `high`, in six digits."""
        if self.scale == "log":
            value = exp(log(self.low) + share * (log(self.high) - log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        value = round(value) if self.whole else float(f"{value:.6g}")
        return min(max(value, self.low), self.high)  # where rounding leads beyond

    def drawn(self, share: float) -> float:
        """The same where `share` is drawn: whole numbers at the ends must come up as often as others beside them."""
        if not self.whole:
            return self.at(share)
        wider = self.model_copy(update={"low": self.low - 0.5, "high": self.high + 0.5})
        return min(max(wider.at(share), int(self.low)), int(self.high))

    def grid(self) -> tuple[float, ...]:
        """Its numbers at equal distances, each once."""
        return tuple(dict.fromkeys(self.at(place / (self.points - 1)) for place in range(self.points)))


class Grid(Document):
    """Every combination of the values."""

    kind: Literal["grid"] = "grid"


class Random(Document):
    """Combinations drawn independently and uniformly (Bergstra and Bengio 2012)."""

    kind: Literal["random"] = "random"
    trials: int = Field(default=20, ge=1, le=MOST_TRIALS)
    seed: Seed = 0


class Objective(Document):
    """What tells how good a trial is, at its end."""

    part: Part = "test"
    metric: Metric = "loss"


class Sweep(Document):
    """What is searched, how, and for how long each combination is trained."""

    experiment: Experiment = PlaneExperiment()
    """What all trials have in common."""
    space: dict[str, Values | Range] = Field(min_length=1, max_length=MOST_FIELDS)
    """The paths of the fields, their steps joined by dots (`network.layers.0.units`), and what values each may have."""
    search: Annotated[Grid | Random, Field(discriminator="kind")] = Grid()
    epochs: int = Field(default=100, ge=1, le=MOST_EPOCHS)
    """Each trial is trained for so many."""
    objective: Objective = Objective()

    def document(self) -> dict[str, Any]:
        """In JSON's types, with what was given of the Experiment: sent again, this is the same sweep."""
        return {**self.model_dump(mode="json"), "experiment": self.experiment.given()}


class Trial(Document):
    """One combination, and how it did."""

    index: Count
    """Counted from 0."""
    values: dict[str, JsonValue]
    """By path."""
    status: TrialStatus
    message: str = ""
    """Why it ended early, in words."""
    epoch: Count = 0
    metrics: dict[Part, dict[str, float | None] | None] | None = None
    """At `epoch`, exact; null before it ended."""


class SweepDocument(Document):
    """A sweep as it stands."""

    id: str
    created: datetime
    status: SweepStatus
    message: str
    """The status in words, for people."""
    sweep: Sweep
    trials: tuple[Trial, ...]
    """All of them; in a list of sweeps none but the best."""
    done: Count
    """How many trials have ended."""
    total: Count
    best: Count | None
    """The trial that did best so far, by its index; null while none has finished."""
    seconds_left: float | None
    """About; null where that is not known, or nothing is left."""
    links: dict[str, str] = Field(default_factory=dict)
    """Where its other resources are."""
