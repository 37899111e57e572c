"""Metrics by task: sums over samples inside programs, ratios on the host in float64."""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float

from app.schemas.resolve import BOX, Problem

Values = Array | np.ndarray

SUMS = 4
"""Loss, correct, absolute error, squared error."""
PICTURE_SUMS = 3
"""Loss, correct, overlap of boxes."""

_NAMES = {
    "classification": ("loss", "accuracy"),
    "regression": ("loss", "mean_absolute_error", "root_mean_squared_error", "r2"),
    "detection": ("loss", "accuracy", "mean_iou"),
}


def metric_names(problem: Problem) -> tuple[str, ...]:
    """The metrics of a task, the loss first."""
    return _NAMES[problem.task]


def sample_sums(
    loss: Float[Array, " samples"],
    outputs: Float[Array, "outputs samples"],
    targets: Float[Array, "outputs samples"],
    real_outputs: Bool[Array, " outputs"],
    threshold: Float[Array, ""],
) -> Float[Array, "sums samples"]:
    """What each sample adds to the sums.

    A sample is correct where its one output lies on the target's side of `threshold`, or where its largest output is
    the target's largest (the first of equals).
    """
    mask = real_outputs[:, None]
    if outputs.shape[0] == 1:
        correct = (outputs[0] >= threshold) == (targets[0] >= threshold)
    else:
        lowest = -jnp.inf
        chosen = jnp.argmax(jnp.where(mask, outputs, lowest), axis=0)
        correct = chosen == jnp.argmax(jnp.where(mask, targets, lowest), axis=0)
    error = jnp.where(mask, outputs - targets, 0)
    return jnp.stack([loss, correct.astype(jnp.float32), jnp.sum(jnp.abs(error), axis=0), jnp.sum(error**2, axis=0)])


def metrics_from_sums(
    problem: Problem, sums: Float[np.ndarray, "rows parts sums"], counts: Sequence[int], spreads: Sequence[float]
) -> Float[np.ndarray, "rows parts metrics"]:
    """Metrics in the order of `metric_names`; NaN where a part is empty.

    `counts` are the samples of each part, `spreads` (for a regression alone) their Σ(t - mean t)². R² is
    1 - Σ(o - t)² / Σ(t - mean t)², and NaN where all targets are equal.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums / np.array(counts, np.float64)[:, None]
        if problem.task == "classification":
            return means[:, :, :2]
        loss, _, absolute, squared = np.moveaxis(means, 2, 0)
        r2 = 1 - squared * np.array(counts) / np.array(spreads)
        return np.stack([loss, absolute, np.sqrt(squared), np.where(np.isfinite(r2), r2, np.nan)], axis=2)


def spread(targets: Float[np.ndarray, "samples outputs"]) -> float:
    """Σ(t - mean t)², in float64."""
    values = targets.astype(np.float64)
    return float(np.sum((values - values.mean(axis=0)) ** 2)) if len(values) else 0.0


def picture_sums(
    loss: Float[Array, " samples"],
    outputs: Float[Array, "outputs samples"],
    targets: Float[Array, "outputs samples"],
    threshold: Float[Array, ""],
    *,
    detects: bool,
) -> Float[Array, "sums samples"]:
    """What each sample adds to the sums for pictures; the overlap is 0 where there are no boxes."""
    if detects:
        correct = jnp.argmax(outputs[:-BOX], axis=0) == jnp.argmax(targets[:-BOX], axis=0)
        return jnp.stack([loss, correct.astype(jnp.float32), box_overlap(outputs[-BOX:], targets[-BOX:])])
    if len(outputs) == 1:
        correct = (outputs[0] >= threshold) == (targets[0] >= threshold)
    else:
        correct = jnp.argmax(outputs, axis=0) == jnp.argmax(targets, axis=0)
    return jnp.stack([loss, correct.astype(jnp.float32), jnp.zeros_like(loss)])


def picture_metrics(
    problem: Problem, sums: Float[np.ndarray, "rows parts sums"], counts: Sequence[int]
) -> Float[np.ndarray, "rows parts metrics"]:
    """Metrics in the order of `metric_names`, from sums of loss, right answers and overlaps; NaN for an empty part."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (sums / np.array(counts, np.float64)[:, None])[:, :, : len(metric_names(problem))]


def box_overlap(boxes: Float[Values, "4 samples"], targets: Float[Values, "4 samples"]) -> Float[Values, " samples"]:
    """Intersection over union of boxes, each given by its middle's x and y, its width and height.

    A box of negative width or height is empty. Inside programs and, by methods that both libraries have, in NumPy.
    """
    sizes, wanted = boxes[2:].clip(min=0), targets[2:]
    low = (boxes[:2] - sizes / 2).clip(min=targets[:2] - wanted / 2)
    high = (boxes[:2] + sizes / 2).clip(max=targets[:2] + wanted / 2)
    shared = (high - low).clip(min=0).prod(axis=0)
    return shared / (sizes.prod(axis=0) + wanted.prod(axis=0) - shared)
