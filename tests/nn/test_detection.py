"""Finding where something is: the loss of a class and its box, and how much boxes overlap, judged in float64."""

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nn.losses import BOX_BETA, BOX_WEIGHT, detection_loss_with_gradient
from app.nn.metrics import box_overlap, metric_names, picture_metrics
from app.schemas.resolve import Problem
from tests.nn.reference import Values

SAMPLES = 24
loss_of = jax.jit(detection_loss_with_gradient)
overlap_of = jax.jit(box_overlap)


def reference_losses(logits: Values, targets: Values) -> Values:
    """Of samples (samples, classes + 4), one after the other."""
    found: list[float] = []
    for answer, target in zip(logits, targets, strict=True):
        scores = answer[:-4] - answer[:-4].max()
        cross_entropy = np.log(np.exp(scores).sum()) - scores[target[:-4].argmax()]
        distances = np.abs(answer[-4:] - target[-4:])
        smooth = [0.5 * d**2 / BOX_BETA if d < BOX_BETA else d - 0.5 * BOX_BETA for d in distances]
        found.append(cross_entropy + BOX_WEIGHT * sum(smooth))
    return np.array(found)


@pytest.fixture(params=[2, 5])
def drawn(request: pytest.FixtureRequest) -> tuple[Values, Values]:
    """Logits and targets (samples, classes + 4); some boxes are nearly hit."""
    rng, classes = np.random.default_rng(request.param), request.param
    one_hot = np.eye(classes)[np.arange(SAMPLES) % classes]
    boxes = rng.uniform(0, 1, (SAMPLES, 4))
    misses = rng.normal(0, 1, (SAMPLES, 4)) * rng.choice([0.01, 1], (SAMPLES, 1))
    logits = np.hstack([rng.normal(0, 2, (SAMPLES, classes)), boxes + misses])
    return logits, np.hstack([one_hot, boxes])


def test_the_loss_is_cross_entropy_and_smooth_l1(drawn: tuple[Values, Values]) -> None:
    logits, targets = drawn
    found, _, outputs = loss_of(logits.T.astype(np.float32), targets.T.astype(np.float32))
    np.testing.assert_allclose(found, reference_losses(logits, targets), rtol=1e-5, atol=1e-6)
    shares = np.exp(logits[:, :-4])
    np.testing.assert_allclose(outputs[:-4].T, shares / shares.sum(axis=1, keepdims=True), rtol=1e-5)
    np.testing.assert_array_equal(outputs[-4:].T, logits[:, -4:].astype(np.float32))


def test_its_gradient_is_its_derivative(drawn: tuple[Values, Values]) -> None:
    logits, targets = drawn
    _, gradient, _ = loss_of(logits.T.astype(np.float32), targets.T.astype(np.float32))
    step = 1e-6
    for column, unit in enumerate(step * np.eye(logits.shape[1])):
        above, below = (reference_losses(logits + sign * unit, targets) for sign in (1, -1))
        np.testing.assert_allclose(gradient[column], (above - below) / (2 * step), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [1e2, 1e8])
def test_of_a_network_that_is_sure_it_is_finite(size: float) -> None:
    logits = np.array([[size], [-size], [0.5], [0.5], [size], [-size]], np.float32)
    targets = np.array([[0.0], [1.0], [0.5], [0.5], [0.5], [0.5]], np.float32)
    loss, gradient, outputs = loss_of(logits, targets)
    np.testing.assert_allclose(loss, 2 * size + BOX_WEIGHT * 2 * size, rtol=1e-2)
    np.testing.assert_allclose(gradient[:, 0], [1, -1, 0, 0, BOX_WEIGHT, -BOX_WEIGHT], rtol=1e-6)
    assert np.isfinite(outputs).all()


places, sizes = st.floats(0, 1, width=32), st.floats(0.0625, 1, width=32)
boxes = st.tuples(places, places, st.floats(-0.5, 1, width=32), st.floats(-0.5, 1, width=32))


def reference_overlap(box: Values, target: Values) -> float:
    """Intersection over union, from corners."""

    def corners(of: Values) -> tuple[float, float, float, float]:
        x, y, width, height = of[0], of[1], max(of[2], 0), max(of[3], 0)
        return x - width / 2, x + width / 2, y - height / 2, y + height / 2

    left, right, top, bottom = corners(box)
    left_, right_, top_, bottom_ = corners(target)
    shared = max(0, min(right, right_) - max(left, left_)) * max(0, min(bottom, bottom_) - max(top, top_))
    areas = (right - left) * (bottom - top) + (right_ - left_) * (bottom_ - top_)
    return shared / (areas - shared)


@given(box=boxes, target=st.tuples(places, places, sizes, sizes))
def test_overlap_is_the_shared_part_of_the_union(box: tuple[float, ...], target: tuple[float, ...]) -> None:
    both = np.array([box, target])
    columns = both[:, :, None].astype(np.float32)
    for found in float(overlap_of(*columns)[0]), float(box_overlap(*columns)[0]):
        assert found == pytest.approx(reference_overlap(*both), rel=1e-4, abs=1e-5)
        assert 0 <= found <= 1 + 1e-5


def test_a_box_overlaps_itself_wholly_and_one_beside_it_not_at_all() -> None:
    target = np.array([0.5, 0.5, 0.25, 0.5], np.float32)
    beside, empty, half = (0.75, 0.5, 0.25, 0.5), (0.5, 0.5, 0.25, -0.5), (0.5, 0.5, 0.25, 0.25)
    others = np.array([target, beside, empty, half], np.float32)
    found = overlap_of(others.T, np.tile(target, (4, 1)).T)
    np.testing.assert_allclose(found, [1, 0, 0, 0.5])


@pytest.mark.parametrize("task", ["classification", "detection"])
def test_metrics_are_means_over_each_part_and_no_numbers_of_an_empty_one(task: str) -> None:
    problem = Problem("detection" if task == "detection" else "classification", 3)
    sums = np.array([[[30.0, 8, 5], [0, 0, 0], [2, 1, 0.5]], [[10, 10, 10], [0, 0, 0], [4, 4, 4]]], np.float32)
    found = picture_metrics(problem, sums, (10, 0, 4))
    names = ("loss", "accuracy", "mean_iou")[: 3 if task == "detection" else 2]
    assert metric_names(problem) == names
    assert found.shape == (2, 3, len(names))
    np.testing.assert_allclose(found[:, 0], np.array([[3, 0.8, 0.5], [1, 1, 1]])[:, : len(names)], rtol=1e-6)
    np.testing.assert_allclose(found[:, 2], np.array([[0.5, 0.25, 0.125], [1, 1, 1]])[:, : len(names)])
    assert np.isnan(found[:, 1]).all()
