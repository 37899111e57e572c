import jax
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score, root_mean_squared_error

from app.nn.metrics import SUMS, metric_names, metrics_from_sums, sample_sums, spread
from app.schemas.resolve import Problem

summed = jax.jit(sample_sums)
RNG = np.random.default_rng(3)
CLASSIFICATION, REGRESSION = Problem("classification", 2), Problem("regression")


def sums_of(outputs: np.ndarray, targets: np.ndarray, threshold: float = 0.0, real: int | None = None) -> np.ndarray:
    """(sums, samples) of arrays (outputs, samples); the loss is 1, 2, 3, …"""
    loss = np.arange(outputs.shape[1], dtype=np.float32) + 1
    mask = np.arange(len(outputs)) < (len(outputs) if real is None else real)
    return np.asarray(summed(loss, outputs.astype(np.float32), targets.astype(np.float32), mask, np.float32(threshold)))


def test_regression_metrics_are_scikit_learns() -> None:
    outputs, targets = RNG.normal(size=(2, 1, 50))
    sums = sums_of(outputs, targets).sum(axis=1)
    empty = np.zeros(SUMS)
    found = metrics_from_sums(REGRESSION, np.stack([sums, empty, sums])[None], (50, 0, 50), [spread(targets.T)] * 3)[0]
    expected = [
        25.5,
        mean_absolute_error(targets[0], outputs[0]),
        root_mean_squared_error(targets[0], outputs[0]),
        r2_score(targets[0], outputs[0]),
    ]
    np.testing.assert_allclose(found[0], expected, rtol=1e-5)
    np.testing.assert_allclose(found[2], expected, rtol=1e-5)
    assert np.isnan(found[1]).all()
    assert metric_names(REGRESSION) == ("loss", "mean_absolute_error", "root_mean_squared_error", "r2")


def test_r2_of_equal_targets_is_no_number() -> None:
    targets = np.full((1, 4), 0.3)
    sums = sums_of(np.zeros((1, 4)), targets).sum(axis=1)
    found = metrics_from_sums(REGRESSION, np.stack([sums] * 3)[None], (4, 4, 4), [spread(targets.T)] * 3)
    assert np.isnan(found[0, :, 3]).all()
    assert np.isfinite(found[0, :, :3]).all()


@pytest.mark.parametrize(("threshold", "low"), [(0.0, -1.0), (0.5, 0.0)])
def test_accuracy_of_one_output_is_on_which_side_of_the_threshold(threshold: float, low: float) -> None:
    outputs = RNG.normal(threshold, 1, (1, 40))
    targets = np.where(RNG.random((1, 40)) < 0.5, low, 1.0)
    found = sums_of(outputs, targets, threshold)[1]
    assert found.mean() == accuracy_score(targets[0] > threshold, outputs[0] >= threshold)


def test_accuracy_of_many_outputs_asks_for_the_largest_real_one() -> None:
    outputs = RNG.normal(size=(8, 40))
    outputs[3:] = 100  # padding
    classes = RNG.integers(0, 3, 40)
    targets = np.eye(8)[classes].T
    targets[3:] = 7
    sums = sums_of(outputs, targets, real=3)
    assert sums[1].mean() == accuracy_score(classes, outputs[:3].argmax(axis=0))
    np.testing.assert_allclose(sums[3], np.sum((outputs[:3] - targets[:3]) ** 2, axis=0), rtol=1e-5)
    np.testing.assert_allclose(sums[2], np.sum(np.abs(outputs[:3] - targets[:3]), axis=0), rtol=1e-5)
    assert metric_names(CLASSIFICATION) == ("loss", "accuracy")
