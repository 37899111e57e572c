"""What stands out in a run: each finding in plain words, with the numbers behind it and what would put it right."""

from typing import Any, Literal, get_args

from pydantic import Field

from app.schemas.document import Document

FindingCode = Literal[
    "diverged",
    "exploding_gradients",
    "learning_rate_too_high",
    "symmetric_weights",
    "dead_neurons",
    "saturated_neurons",
    "vanishing_gradients",
    "no_bend",
    "unscaled_features",
    "learning_rate_too_low",
    "overfitting",
    "class_imbalance",
    "underfitting",
    "not_separable",
]

FINDINGS: tuple[FindingCode, ...] = get_args(FindingCode)


class Repair(Document):
    """What would put it right."""

    label: str
    """What it does, for a button."""
    patch: dict[str, Any]
    """A merge patch on the Experiment."""
    reset: bool
    """Whether it heals only a run that starts again: send the patch, then the command `reset`."""


class Finding(Document):
    """One thing that stands out."""

    code: FindingCode
    layer: int | None
    """The layer where it is, counted from 0, the output layer last; null where it is in none."""
    title: str
    words: str
    """What it means, for somebody who sees it for the first time."""
    evidence: dict[str, float] = Field(default_factory=dict[str, float])
    """The numbers that it was told from."""
    repair: Repair | None
    """Null where nothing in the Experiment would help."""


class Diagnosis(Document):
    """All that stands out in a run as it stands now; nothing where it is well."""

    findings: tuple[Finding, ...]
