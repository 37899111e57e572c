import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.cases import CLASSES_KINDS, dataset


@given(
    kind=st.sampled_from(CLASSES_KINDS),
    classes=st.integers(2, 6),
    samples=st.integers(10, 600),
    noise=st.floats(0, 50),
    seed=st.integers(0, 2**32 - 1),
)
def test_shapes_have_equal_classes_that_fit_the_picture(
    kind: str, classes: int, samples: int, noise: float, seed: int
) -> None:
    data = dataset(kind, seed=seed, classes=classes, samples=samples, noise=noise)
    sizes = np.bincount(data.labels.astype(int), minlength=classes)
    assert data.points.shape == (samples, 2)
    assert data.problem.classes == len(data.class_names) == sizes.size == classes
    assert sizes.max() - sizes.min() <= 1
    # Normal clouds have no edge; the others do.
    assert np.abs(data.points).max() < (12 if kind == "blobs" else 6.6)


@pytest.mark.parametrize("kind", CLASSES_KINDS)
def test_two_classes_are_called_by_their_signs(kind: str) -> None:
    assert dataset(kind, classes=2).class_names == ("-1", "+1")
    assert dataset(kind, classes=3).class_names == ("0", "1", "2")


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_arms_are_one_arm_turned_by_equal_angles(classes: int) -> None:
    data = dataset("spiral", classes=classes, samples=100 * classes)
    arms = [data.points[data.labels == label] @ np.array([1j, 1]) for label in range(classes)]
    for arm, following in itertools.pairwise(arms):
        np.testing.assert_allclose(following, arm * np.exp(-2j * np.pi / classes), atol=1e-9)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_moons_are_half_circles_that_open_below_and_above_in_turn(classes: int) -> None:
    data = dataset("moons", classes=classes, samples=300)
    radius = 9 / (classes + 1)
    for label in range(classes):
        moon = data.points[data.labels == label]
        side = -1 if label % 2 else 1
        centre = np.array([radius * (label - (classes - 1) / 2), -side * radius / 4])
        np.testing.assert_allclose(np.hypot(*(moon - centre).T), radius)
        assert np.all(side * (moon - centre)[:, 1] >= -1e-9)


def test_two_moons_are_scikit_learns() -> None:
    from sklearn.datasets import make_moons

    theirs, their_labels = make_moons(2000, random_state=0)
    ours = dataset("moons", samples=2000)
    for label in (0, 1):
        moon = 3 * (theirs[their_labels == label] - [0.5, 0.25])
        mine = ours.points[ours.labels == label]
        np.testing.assert_allclose(mine.min(axis=0), moon.min(axis=0), atol=0.02)
        np.testing.assert_allclose(mine.max(axis=0), moon.max(axis=0), atol=0.02)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_rings_lie_around_each_other_with_gaps(classes: int) -> None:
    data = dataset("rings", classes=classes, samples=3000)
    radius = np.hypot(data.points[:, 0], data.points[:, 1])
    spans = [(radius[data.labels == label].min(), radius[data.labels == label].max()) for label in range(classes)]
    assert spans[-1][1] == pytest.approx(5, abs=0.02)
    for (start, end), (following, _) in itertools.pairwise(spans):
        assert (following - end) / (end - start) == pytest.approx(3 / 7, abs=0.05)


@pytest.mark.parametrize(("noise", "deviation"), [(0, 0.5), (50, 1.25)])
def test_blobs_are_clouds_on_a_circle(noise: float, deviation: float) -> None:
    data = dataset("blobs", classes=4, samples=8000, noise=noise)
    clouds = [data.points[data.labels == label] for label in range(4)]
    centres = np.array([cloud.mean(axis=0) for cloud in clouds])
    np.testing.assert_allclose(np.hypot(centres[:, 0], centres[:, 1]), 3.5, atol=0.1)
    np.testing.assert_allclose(centres[3], [3.5 / np.sqrt(2)] * 2, atol=0.1)
    np.testing.assert_allclose([cloud.std() for cloud in clouds - centres[:, np.newaxis]], deviation, rtol=0.05)
