"""Own points and real data: what labels are taken for, what is refused, what noise does."""

from typing import Any

import numpy as np
import pytest

from app.data.table import Table
from app.errors import InvalidInput
from app.schemas.data import Task, WineColumn
from tests.data.cases import dataset, prepared


def inline(labels: list[float], **fields: object) -> dict[str, Any]:
    return {"points": [[index, -index, label] for index, label in enumerate(labels)], **fields}


def uploaded(labels: list[Any], task: Task | None = None) -> Table:
    points = np.column_stack([np.arange(len(labels)), np.arange(len(labels)) ** 2]).astype(np.float64)
    text = isinstance(labels[0], str)
    return Table(points, tuple(labels) if text else np.array(labels, dtype=np.float64), task, ("age", "weight", "kind"))


ID = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("labels", "names", "indices"),
    [
        ([1, -1, 1], ("-1", "+1"), [1, 0, 1]),
        ([0, 1, 0], ("0", "1"), [0, 1, 0]),
        ([10, 2, 7, 2], ("2", "7", "10"), [2, 0, 1, 0]),
        ([7, 6, 5, 4, 3, 2, 1, 0], ("0", "1", "2", "3", "4", "5", "6", "7"), [7, 6, 5, 4, 3, 2, 1, 0]),
        ([-0.0, 0.0, 5], ("0", "5"), [0, 0, 1]),
    ],
)
def test_few_whole_numbers_are_classes_in_their_order(
    labels: list[float], names: tuple[str, ...], indices: list[int]
) -> None:
    data = dataset("points", **inline(labels))
    assert data.problem.task == "classification"
    assert data.problem.classes == len(names)
    assert data.class_names == names
    assert data.labels.tolist() == indices


@pytest.mark.parametrize("labels", [[0.5, 1, 2], [1, 1.25, 1], list(range(9))])
def test_other_numbers_are_values(labels: list[float]) -> None:
    data = dataset("points", **inline(labels))
    assert (data.problem.task, data.problem.classes, data.class_names) == ("regression", 0, ())
    assert data.labels.tolist() == labels


def test_an_explicit_task_wins() -> None:
    assert dataset("points", **inline([0, 1, 0], task="regression")).problem.task == "regression"
    classes = dataset("points", **inline([0.5, 1.5, 0.5], task="classification"))
    assert classes.class_names == ("0.5", "1.5")
    assert dataset("points", dataset=ID, task="classification", table=uploaded([1, 2, 1], "regression")).class_names
    assert dataset("points", dataset=ID, table=uploaded([1, 2, 1], "regression")).problem.task == "regression"


def test_text_labels_are_classes_in_the_order_of_text() -> None:
    data = dataset("points", dataset=ID, table=uploaded(["pear", "apple", "10", "pear"]))
    assert data.class_names == ("10", "apple", "pear")
    assert data.labels.tolist() == [2, 1, 0, 2]
    assert data.axis_names == ("age", "weight")


@pytest.mark.parametrize(
    ("fields", "table", "path"),
    [
        (inline([4, 4, 4]), None, "data.points"),
        (inline([0.5, 0.5], task="classification"), None, "data.points"),
        (inline(list(range(9)), task="classification"), None, "data.task"),
        (inline([0, 1e13]), None, "data.points"),
        ({"points": [[0, -1e300, 0], [1, 1, 1]]}, None, "data.points"),
        (inline([0, 1], domain=[[0, 1], [0, 1e13]]), None, "data.domain"),
        ({"dataset": ID}, None, "data.dataset"),
        ({"dataset": ID}, uploaded(["a", "a"]), "data.dataset"),
        ({"dataset": ID}, uploaded(list("abcdefghi")), "data.dataset"),
        ({"dataset": ID, "task": "regression"}, uploaded(["a", "b"]), "data.task"),
    ],
)
def test_what_cannot_be_used_is_refused_where_it_was_written(
    fields: dict[str, Any], table: Table | None, path: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        dataset("points", table=table, **fields)
    assert [error.path for error in raised.value.errors] == [path]
    assert raised.value.detail.startswith(path)


def test_the_domain_is_the_range_and_a_tenth_of_it() -> None:
    data = dataset("points", points=[[0, 5, 0], [10, 5, 1], [4, 5, 0]])
    assert data.domain == ((-1.0, 11.0), (4.0, 6.0))


def test_a_domain_that_is_given_stays_whatever_the_points() -> None:
    data = dataset("points", points=[[0, 5, 0], [10, 5, 1]], domain=[[-6, 6], [-2, 8]])
    assert data.domain == ((-6.0, 6.0), (-2.0, 8.0))


def test_noise_displaces_by_the_deviation_of_each_column() -> None:
    rng = np.random.default_rng(0)
    table = Table(rng.normal(size=(4000, 2)) * [3.0, 0.01] + [50.0, 0.0], rng.integers(0, 2, 4000).astype(np.float64))
    quiet, noisy = (dataset("points", dataset=ID, table=table, noise=noise) for noise in (0, 40))
    np.testing.assert_array_equal(quiet.points, table.points)
    np.testing.assert_array_equal(quiet.labels, noisy.labels)
    moved = (noisy.points - quiet.points) / table.points.std(axis=0)
    assert np.all(np.abs(moved) <= 0.4)
    np.testing.assert_allclose(moved.std(axis=0), 0.4 / np.sqrt(3), rtol=0.05)
    (low, high), _ = noisy.domain
    assert low < noisy.points[:, 0].min() < noisy.points[:, 0].max() < high


def test_iris_is_the_real_one() -> None:
    data = dataset("iris", columns=["sepal_width", "petal_length"])
    assert data.class_names == ("setosa", "versicolor", "virginica")
    assert data.axis_names == ("sepal width", "petal length")
    assert data.points[0].tolist() == [3.5, 1.4]
    assert data.points[149].tolist() == [3.0, 5.1]
    assert np.bincount(data.labels.astype(int)).tolist() == [50, 50, 50]


@pytest.mark.parametrize(
    ("column", "first"), [("alcohol", 14.23), ("od280/od315_of_diluted_wines", 3.92), ("proline", 1065.0)]
)
def test_wine_is_the_real_one(column: WineColumn, first: float) -> None:
    data = dataset("wine", columns=[column, "hue"])
    assert data.points[0].tolist() == [first, 1.04]
    assert np.bincount(data.labels.astype(int)).tolist() == [59, 71, 48]


def test_real_data_survives_being_written_to() -> None:
    dataset("iris").labels[:] = 9
    assert set(dataset("iris").labels.tolist()) == {0, 1, 2}


def test_own_points_go_all_the_way_to_inputs_and_targets() -> None:
    data = prepared({"kind": "points", "scaling": "standard", **inline([1, -1] * 10)})
    assert data.counts == (10, 0, 10)
    assert np.all(np.isfinite(data.inputs))
    np.testing.assert_array_equal(data.targets[:, 0], 1 - 2 * (data.points[:, 0] % 2))
