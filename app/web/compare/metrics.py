"""Which metrics a table of runs has columns for, and what they are called."""

from collections.abc import Collection, Mapping

from app.schemas.run import PARTS, Part
from app.web.lab.labels import label

_PARTS: dict[Part, str] = {"train": "Training", "validation": "Validation", "test": "Test"}


def flat(metrics: Mapping[Part, Mapping[str, float | None] | None] | None) -> dict[str, float | None]:
    """Metrics by the names of their columns: `train_loss`, `test_accuracy` and so on."""
    parts = (metrics or {}).items()
    return {f"{part}_{name}": value for part, values in parts for name, value in (values or {}).items()}


def metric_titles(known: Collection[str]) -> dict[str, str]:
    """Of those that are known (`train_loss` …): the loss of every part, and the accuracy of the last; with titles.

    Before anything is compiled none is known, and the usual ones have their columns.
    """
    known = known or ("train_loss", "test_loss", "test_accuracy")
    losses = [f"{part}_loss" for part in PARTS if f"{part}_loss" in known]
    accuracies = [f"{part}_accuracy" for part in PARTS if f"{part}_accuracy" in known]
    return {name: metric_title(name) for name in (*losses, *accuracies[-1:])}


def metric_title(name: str) -> str:
    """`test_loss` is “Test loss”."""
    part, _, metric = name.partition("_")
    words = label(metric) if metric == "r2" else label(metric).lower()
    return f"{next(title for of, title in _PARTS.items() if of == part)} {words}"
