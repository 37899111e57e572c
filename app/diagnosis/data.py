"""What the data tells of what a network can make of it: bends, scales, rare classes."""

import numpy as np

from app.data.separability import overlap
from app.diagnosis.case import Case
from app.diagnosis.repairs import balanced_classes, other_activation, scaled_features
from app.families.base import of_plane
from app.schemas.finding import Finding, Repair

_LARGEST_INPUT = 100.0
_LARGEST_RATIO = 100.0
_RARE = 5.0
"""A class is rare where another has so many times as many points."""
_SAMPLES = 200
"""So many of them tell whether straight lines will do."""
_NEIGHBOURS = 5
_BETTER = 0.1
"""Neighbours must do so much better than a straight line for the data to be called curved."""


def no_bend(case: Case) -> Finding | None:
    """A network of straight lines alone, on data that is curved."""
    if any(layer.activation != "linear" for layer in case.layers):
        return None
    inputs, targets = _some_samples(case)
    line = _success(_line(inputs, targets), targets, classes=case.classifies)
    neighbours = neighbours_success(case)
    if neighbours < line + _BETTER:
        return None
    measure = "right" if case.classifies else "r2"
    return Finding(
        code="no_bend",
        layer=None,
        title="Nothing in this network can bend",
        words="Every layer is linear, and layers of weighted sums are together only one weighted sum: all that comes "
        "out is a straight line. These points need a curve, so the network needs a non-linear activation.",
        evidence={f"best_straight_line_{measure}": line, f"nearest_neighbours_{measure}": neighbours},
        repair=_bent(case),
    )


def not_separable(case: Case) -> Finding | None:
    """Classes that no plane parts, with the point that lies within both of their hulls."""
    prepared = of_plane(case.setup).prepared
    found = overlap(prepared)
    if found is None:
        return None
    features, names = prepared.transform.features, prepared.dataset.class_names
    straight = {1: "threshold", 2: "line"}.get(len(features), "plane")
    own, other = names[found.label], names[0] if len(names) == 2 else "all others"
    place = ", ".join(f"{feature} = {value:.3g}" for feature, value in zip(features, found.point, strict=True))
    return Finding(
        code="not_separable",
        layer=None,
        title=f"No {straight} can part the classes",
        words=f"The point {place} lies between samples of class {own}, and between samples of {other} "
        f"as well. Any {straight} has it on one side, and with it a sample of each. So the classes are not linearly "
        "separable, and the rule never stops making mistakes. Other features may help.",
        evidence={
            **{f"common_point_{feature}": float(value) for feature, value in zip(features, found.point, strict=True)},
            **{f"weight_of_sample_{row}_within": weight for row, weight in found.inside.items()},
            **{f"weight_of_sample_{row}_without": weight for row, weight in found.outside.items()},
        },
        repair=None,
    )


def neighbours_success(case: Case) -> float:
    """Accuracy or R² of taking for each training sample the mean target of those nearest to it: 0 for too few samples.

    Of many samples, a share is looked at.
    """
    inputs, targets = _some_samples(case)
    if len(inputs) <= _NEIGHBOURS:
        return 0.0
    return _success(_neighbours(inputs, targets), targets, classes=case.classifies)


def is_unscaled(case: Case) -> bool:
    """Whether features are so large, or so different in size, that some drown the others."""
    if of_plane(case.setup).experiment.data.scaling != "none":
        return False
    return _largest(case) > _LARGEST_INPUT or _spread_ratio(case) > _LARGEST_RATIO


def unscaled_features(case: Case) -> Finding | None:
    """Features of very large or very different size."""
    if not is_unscaled(case):
        return None
    return Finding(
        code="unscaled_features",
        layer=None,
        title="The inputs have very different sizes",
        words="Large numbers drown small ones and push neurons to their limits. Standardising gives every feature "
        "mean 0 and deviation 1, so that all count alike.",
        evidence={"largest_input": _largest(case), "widest_over_narrowest": _spread_ratio(case)},
        repair=scaled_features(),
    )


def class_imbalance(case: Case) -> Finding | None:
    """A class of which there are far fewer training points than of another."""
    if not case.classifies or case.setup.experiment.training.balance_classes:
        return None
    prepared, names = case.setup.prepared, case.setup.prepared.dataset.class_names
    counts = np.bincount(prepared.labels[: case.trained].astype(int), minlength=case.setup.problem.classes)
    rare, common = int(np.argmin(counts)), int(np.argmax(counts))
    if counts[common] < _RARE * counts[rare]:
        return None
    return Finding(
        code="class_imbalance",
        layer=None,
        title="One class is rare",
        words=f"Of the training points {counts[rare]} are of class {names[rare]} and {counts[common]} of class "
        f"{names[common]}. Always answering {names[common]} is right nearly every time, so the network may never learn "
        "the rare class. More points of it would help, or letting each of them count for more.",
        evidence={
            "points_of_the_rarest_class": int(counts[rare]),
            "points_of_the_commonest_class": int(counts[common]),
            "right_by_always_answering_the_commonest": float(counts[common] / counts.sum()),
        },
        repair=balanced_classes(),
    )


def _some_samples(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, features) and targets (n, outputs) of training samples, as many as are looked at."""
    count = min(case.trained, _SAMPLES)
    return case.setup.prepared.inputs[:count], case.setup.prepared.targets[:count]


def _largest(case: Case) -> float:
    return float(np.abs(case.setup.prepared.inputs[: case.trained]).max())


def _spread_ratio(case: Case) -> float:
    """How many times more the widest feature varies than the narrowest; constant ones do not count."""
    spreads = case.setup.prepared.inputs[: case.trained].astype(np.float64).std(axis=0)
    spreads = spreads[spreads > 0]
    return float(spreads.max() / spreads.min()) if spreads.size else 1.0


def _line(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What the best weighted sum of the inputs answers, by least squares."""
    columns = np.column_stack([inputs.astype(np.float64), np.ones(len(inputs))])
    return columns @ np.linalg.lstsq(columns, targets.astype(np.float64), rcond=None)[0]


def _neighbours(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The mean target of the nearest other samples."""
    points = inputs.astype(np.float64)
    distances = ((points[:, None] - points) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argpartition(distances, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    return targets.astype(np.float64)[nearest].mean(axis=1)


def _success(answers: np.ndarray, targets: np.ndarray, *, classes: bool) -> float:
    """The share of right answers, or R² for values."""
    if not classes:
        spread = ((targets - targets.mean(axis=0)) ** 2).sum()
        return float(1 - ((answers - targets) ** 2).sum() / spread) if spread else 1.0
    if targets.shape[1] > 1:
        return float((answers.argmax(axis=1) == targets.argmax(axis=1)).mean())
    middle = (targets.min() + targets.max()) / 2
    return float(((answers >= middle) == (targets >= middle)).mean())


def _bent(case: Case) -> Repair:
    if case.layers:
        return other_activation(case, ("linear",), "tanh", "Tanh")
    patch = {"network": {"layers": [{"units": 8, "activation": "tanh"}]}}
    return Repair(label="Add a layer of 8 Tanh neurons", patch=patch, reset=True)
