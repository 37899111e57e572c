"""The table of detectors, and what they find together."""

from collections.abc import Callable, Mapping

from app.diagnosis.case import Case
from app.diagnosis.data import class_imbalance, no_bend, not_separable, unscaled_features
from app.diagnosis.learning import (
    diverged,
    learning_rate_too_high,
    learning_rate_too_low,
    overfitting,
    underfitting,
)
from app.diagnosis.signals import (
    dead_neurons,
    exploding_gradients,
    saturated_neurons,
    symmetric_weights,
    vanishing_gradients,
)
from app.families.registry import family_of
from app.schemas.finding import Finding, FindingCode

Detector = Callable[[Case], Finding | None]

DETECTORS: tuple[Detector, ...] = (
    diverged,
    not_separable,
    exploding_gradients,
    learning_rate_too_high,
    symmetric_weights,
    dead_neurons,
    unscaled_features,
    saturated_neurons,
    vanishing_gradients,
    no_bend,
    learning_rate_too_low,
    overfitting,
    class_imbalance,
)
"""What is worst comes first."""

_SIGNALS: frozenset[FindingCode] = frozenset(
    {"exploding_gradients", "dead_neurons", "saturated_neurons", "vanishing_gradients"}
)
EXPLAINS: Mapping[FindingCode, frozenset[FindingCode]] = {
    "diverged": _SIGNALS,
    "learning_rate_too_high": _SIGNALS,
    "unscaled_features": _SIGNALS,
    "dead_neurons": frozenset({"vanishing_gradients"}),
    "saturated_neurons": frozenset({"vanishing_gradients"}),
}
"""What follows from what: a consequence is not told beside its cause, since only the cause can be put right."""


def diagnose(case: Case) -> tuple[Finding, ...]:
    """All that stands out, of what the family can have.

    A network is called too weak only where nothing else explains that it learns no more.
    """
    told = family_of(case.setup.experiment.family).findings
    found = [finding for detect in DETECTORS if detect.__name__ in told and (finding := detect(case))]
    explained = frozenset[FindingCode]().union(*(EXPLAINS.get(finding.code, ()) for finding in found))
    weak = None if found or "underfitting" not in told else underfitting(case)
    return (weak,) if weak else tuple(finding for finding in found if finding.code not in explained)
