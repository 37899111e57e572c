"""The form of a preset: an Experiment with its lesson in words, and with what training must show for the words to hold.

Outcomes are for tests, which train every preset and everything that it suggests to try.
"""

import hashlib
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from app.schemas.document import Document
from app.schemas.experiment import Experiment
from app.schemas.patch import apply_patch

Tag = Literal[
    "first steps",
    "inputs",
    "neurons",
    "classes",
    "regression",
    "real data",
    "learning rate",
    "optimisers",
    "overfitting",
    "things go wrong",
    "pictures",
]

Measure = Literal[
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "test_mean_iou",
    "dead_neurons",
    "gradient_decay",
    "loss_roughness",
    "silent_inputs",
]
"""Metrics, and what app.presets.training says of the rest."""


class Bounds(Document):
    """Where a measure lies at the end."""

    above: float | None = None
    below: float | None = None


class Outcome(Document):
    """How training ends."""

    ends: Literal["trained", "stopped", "diverged"] = "trained"
    """By its last epoch, by early stopping, or by numbers that are no longer finite."""
    measures: dict[Measure, Bounds] = Field(default_factory=dict[Measure, Bounds])


class Suggestion(Document):
    """What to try next, in words and as a merge patch."""

    text: str = Field(max_length=240)
    patch: dict[str, Any]
    outcome: Outcome


class Preset(Document):
    """See the module."""

    id: str = Field(pattern="^[a-z0-9-]{3,40}$")
    title: str = Field(max_length=40)
    shows: str = Field(max_length=320)
    """What one sees, in words that a twelve-year-old understands; the standard terms are named."""
    suggestion: Suggestion
    tags: tuple[Tag, ...] = Field(min_length=1)
    experiment: Experiment
    epochs: int = Field(ge=1, le=5_000)
    """How long the thumbnail has been trained."""
    outcome: Outcome

    @cached_property
    def digest(self) -> str:
        """What a thumbnail depends on, as one stable text."""
        return hashlib.sha256(f"{self.experiment.digest()} {self.epochs}".encode()).hexdigest()

    @property
    def suggested(self) -> Experiment:
        """The Experiment after what is suggested."""
        return apply_patch(self.experiment, self.suggestion.patch)


class Thumbnail(Document):
    """How a preset looks when it has been trained, in the shapes that the page draws."""

    digest: str
    """Of the preset that it was drawn of."""
    metrics: dict[str, float]
    """At the end, as `test_loss`."""
    boundary: dict[str, Any] | None = None
    """As in a frame, but smaller; of points in a plane alone."""
    points: dict[str, Any] | None = None
    """As the page's points, but few, and those for training alone."""
    pictures: dict[str, Any] | None = None
    """Some of the pictures that were learnt from, packed as in a frame."""
