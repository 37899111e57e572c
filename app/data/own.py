"""Points that are not drawn from a formula: one's own (inline or uploaded) and the two classic real datasets.

Here is decided what the labels of own points mean: an explicit task wins; otherwise labels that are not numbers, or
whole numbers of at most MAX_CLASSES different values, are classes, and anything else is a value to predict.
"""

from functools import cache
from typing import Any

import numpy as np

from app.data.arrays import FloatArray
from app.data.dataset import PointSet
from app.data.table import LARGEST, Table
from app.errors import InvalidInput
from app.schemas.data import MAX_CLASSES, Interval, Iris, Points, Task, Wine
from app.schemas.resolve import Problem


def own_points(spec: Points, table: Table | None, rng: np.random.Generator) -> PointSet:
    """The dataset made of the inline points of `spec`, or of `table`, the upload that it names.

    Raises InvalidInput where the labels do not fit the task or a number is too large.
    """
    source = "data.dataset" if spec.points is None else "data.points"
    if spec.points is not None:
        rows = np.array(spec.points, dtype=np.float64)
        table = Table(rows[:, :2], rows[:, 2])
    if table is None:
        raise InvalidInput.at(source, f"no dataset {spec.dataset} was uploaded")
    _check_magnitude(table, source)
    if np.abs(spec.domain or 0).max() > LARGEST:
        raise InvalidInput.at("data.domain", f"numbers must lie within ±{LARGEST:.0e}")
    task = spec.task or table.task or _told_from_labels(table)
    points = displace(table.points, spec.noise, rng)
    if task == "regression":
        labels, names = _values(table, spec, source), ()
    else:
        labels, names = _classes(table, spec, source)
    domain = spec.domain or fitted_domain(points)
    return PointSet(labels, Problem(task, len(names)), names, points, table.columns[:2], domain)


def real_points(spec: Iris | Wine, rng: np.random.Generator) -> PointSet:
    """Two columns of a real dataset."""
    values, labels, columns, names = _bundled(spec.kind)
    points = displace(values[:, [columns.index(column) for column in spec.columns]], spec.noise, rng)
    return PointSet(
        points=points,
        labels=labels.copy(),
        problem=Problem("classification", len(names)),
        class_names=names,
        axis_names=(spec.columns[0].replace("_", " "), spec.columns[1].replace("_", " ")),
        domain=fitted_domain(points),
    )


def displace(points: FloatArray, noise: float, rng: np.random.Generator) -> FloatArray:
    """`points` (n, 2), each coordinate moved by U(−1, 1)·noise/100·the standard deviation of its column."""
    return points + rng.uniform(-1, 1, points.shape) * (noise / 100) * points.std(axis=0)


def fitted_domain(points: FloatArray) -> tuple[Interval, Interval]:
    """The range of each coordinate with a tenth of it as margin on either side; ±1 around a constant one."""
    return _fitted(points[:, 0]), _fitted(points[:, 1])


def _fitted(coordinate: FloatArray) -> Interval:
    low, high = float(coordinate.min()), float(coordinate.max())
    margin = (high - low) / 10 or max(1.0, abs(high) / 10)
    return low - margin, high + margin


@cache
def _bundled(kind: str) -> tuple[FloatArray, FloatArray, list[str], tuple[str, ...]]:
    """Measures (n, columns), class indices (n,), names of columns and of classes."""
    from sklearn.datasets import load_iris, load_wine  # here, because it takes seconds

    bunch: Any = load_iris() if kind == "iris" else load_wine()
    columns = [name.removesuffix(" (cm)").replace(" ", "_") for name in bunch["feature_names"]]
    values, labels = bunch["data"].astype(np.float64), bunch["target"].astype(np.float64)
    return values, labels, columns, tuple(str(name).replace("_", " ") for name in bunch["target_names"])


def _told_from_labels(table: Table) -> Task:
    if isinstance(table.labels, tuple):
        return "classification"
    distinct = np.unique(table.labels)
    return "classification" if distinct.size <= MAX_CLASSES and np.all(distinct % 1 == 0) else "regression"


def _values(table: Table, spec: Points, source: str) -> FloatArray:
    if isinstance(table.labels, tuple):
        path = source if spec.task is None else "data.task"
        raise InvalidInput.at(path, "regression needs numbers in the third column")
    return table.labels.copy()


def _classes(table: Table, spec: Points, source: str) -> tuple[FloatArray, tuple[str, ...]]:
    """Class indices (n,) and names, in the order of numbers or of text: the smaller of two is the negative one."""
    distinct, indices = np.unique(np.asarray(table.labels), return_inverse=True)
    if distinct.size < 2:
        raise InvalidInput.at(source, "classification needs at least two classes, but all labels are the same")
    if distinct.size > MAX_CLASSES:
        path = source if spec.task is None else "data.task"
        raise InvalidInput.at(path, f"there are {distinct.size} classes, but at most {MAX_CLASSES} can be told apart")
    return indices.astype(np.float64), _names(distinct.tolist())


def _names(labels: list[str] | list[float]) -> tuple[str, ...]:
    """What classes are called: −1 and 1 as the generated ones are."""
    return ("-1", "+1") if labels == [-1, 1] else tuple(_name(label) for label in labels)


def _name(label: str | float) -> str:
    if isinstance(label, str):
        return label
    return str(int(label)) if label % 1 == 0 else repr(label)


def _check_magnitude(table: Table, source: str) -> None:
    numbers = [table.points] if isinstance(table.labels, tuple) else [table.points, table.labels]
    if any(np.abs(part).max() > LARGEST for part in numbers):
        raise InvalidInput.at(source, f"numbers must lie within ±{LARGEST:.0e}")
