import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.parts import encode_targets, split_counts
from app.data.prepare import prepare
from app.errors import InvalidInput
from app.schemas.data import Circle
from app.schemas.experiment import PlaneExperiment
from app.schemas.resolve import TargetEncoding
from tests.data.cases import dataset, prepared


@pytest.mark.parametrize(
    ("samples", "train", "validation", "counts"),
    [
        (500, 0.5, 0.0, (250, 0, 250)),
        (500, 0.1, 0.2, (50, 100, 350)),
        (178, 0.7, 0.15, (125, 27, 26)),
        (10, 0.05, 0.0, (1, 0, 9)),
        (10, 0.95, 0.0, (9, 0, 1)),
        (10, 0.05, 0.01, (1, 1, 8)),
        (3, 0.95, 0.01, (1, 1, 1)),
        (3, 0.49, 0.5, (1, 1, 1)),
        (4, 0.49, 0.5, (1, 2, 1)),
        (2, 0.95, 0.0, (1, 0, 1)),
    ],
)
def test_parts_have_their_shares_and_none_is_empty(
    samples: int, train: float, validation: float, counts: tuple[int, int, int]
) -> None:
    assert split_counts(samples, Circle(train_fraction=train, validation_fraction=validation)) == counts


@given(
    samples=st.integers(3, 8192),
    shares=st.tuples(st.floats(0.05, 0.95), st.floats(0, 0.5)).filter(lambda shares: sum(shares) <= 0.99),
)
def test_parts_are_close_to_their_shares(samples: int, shares: tuple[float, float]) -> None:
    counts = split_counts(samples, Circle(train_fraction=shares[0], validation_fraction=shares[1]))
    assert sum(counts) == samples
    for count, share in zip(counts, (*shares, 1 - sum(shares)), strict=True):
        assert abs(count - share * samples) < 2
        assert count >= (share > 0)


def test_two_points_cannot_make_three_parts() -> None:
    with pytest.raises(InvalidInput) as raised:
        split_counts(2, Circle(validation_fraction=0.2))
    assert [error.path for error in raised.value.errors] == ["data.validation_fraction"]


def test_rows_are_the_points_in_a_new_order() -> None:
    data = prepared({"kind": "circle", "validation_fraction": 0.2})
    given = np.column_stack([data.dataset.points, data.dataset.labels])
    ordered = np.column_stack([data.points, data.labels])
    assert data.counts == (250, 100, 150)
    assert not np.array_equal(given, ordered)
    np.testing.assert_array_equal(np.sort(given, axis=0), np.sort(ordered, axis=0))
    assert {tuple(row) for row in given.tolist()} == {tuple(row) for row in ordered.tolist()}


def test_both_classes_reach_the_training_part() -> None:
    data = prepared({"kind": "circle"})
    assert 100 < data.labels[: data.counts[0]].sum() < 150


@pytest.mark.parametrize(
    ("encoding", "labels", "classes", "targets"),
    [
        ("sign", [0, 1, 1], 2, [[-1], [1], [1]]),
        ("zero_one", [0, 1, 1], 2, [[0], [1], [1]]),
        ("one_hot", [0, 1, 0], 2, [[1, 0], [0, 1], [1, 0]]),
        ("one_hot", [2, 0, 1], 4, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]]),
        ("sign_one_hot", [2, 0], 3, [[-1, -1, 1], [1, -1, -1]]),
        ("value", [0.5, -3.25], 0, [[0.5], [-3.25]]),
    ],
)
def test_targets_are_in_the_losss_encoding(
    encoding: TargetEncoding, labels: list[float], classes: int, targets: list[list[float]]
) -> None:
    np.testing.assert_array_equal(encode_targets(np.array(labels, dtype=np.float64), encoding, classes), targets)


@pytest.mark.parametrize(
    ("kind", "loss", "values", "outputs"),
    [
        ("circle", None, {-1, 1}, 1),
        ("circle", "hinge", {-1, 1}, 1),
        ("circle", "binary_cross_entropy", {0, 1}, 1),
        ("circle", "categorical_cross_entropy", {0, 1}, 2),
        ("rings", None, {0, 1}, 3),
        ("rings", "hinge", {-1, 1}, 3),
        ("rings", "huber", {0, 1}, 3),
    ],
)
def test_the_loss_decides_the_encoding(kind: str, loss: str | None, values: set[float], outputs: int) -> None:
    data = prepared({"kind": kind}, training={"loss": loss})
    assert data.targets.dtype == np.float32
    assert data.targets.shape == (500, outputs)
    assert set(np.unique(data.targets).tolist()) == values
    positive = data.targets[:, 0] > 0 if outputs == 1 else data.targets.argmax(axis=1)
    np.testing.assert_array_equal(positive, data.labels)


def test_regression_targets_are_the_values() -> None:
    data = prepared({"kind": "plane", "noise": 10})
    np.testing.assert_array_equal(data.targets[:, 0], data.labels.astype(np.float32))
    assert data.inputs.dtype == np.float32


def test_an_experiment_with_unset_defaults_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="resolved"):
        prepare(PlaneExperiment(), dataset("circle"))
