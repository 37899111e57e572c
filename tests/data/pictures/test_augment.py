"""Changed copies, judged by a picture of which each change is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.data.dataset import PictureSet
from app.data.pictures.augment import augment
from app.schemas.document import parse_value
from app.schemas.picture_data import Augmentation
from tests.data.pictures.cases import drawn


def _copies(pictures: NDArray[np.float32], **fields: object) -> NDArray[np.float32]:
    return augment(
        pictures, None, parse_value(Augmentation, {"shift": 0, "rotate": 0, **fields}), np.random.default_rng(0)
    )[0]


@pytest.fixture
def spots() -> NDArray[np.float32]:
    """500 times a soft spot right of the middle, in three channels of which one is brighter."""
    line = np.arange(21)
    spot = np.exp(-((line - 14.0) ** 2 + (line[:, np.newaxis] - 10.0) ** 2) / 8).astype(np.float32)
    return np.tile(spot, (500, 3, 1, 1)) * np.array([0.2, 0.5, 1], dtype=np.float32).reshape(3, 1, 1)


def _middles(pictures: NDArray[np.float32]) -> NDArray[np.float64]:
    """x and y of each picture's centre of mass, seen from its middle, in pixels."""
    line = np.arange(21) - 10
    mass = pictures[:, 2] / pictures[:, 2].sum(axis=(1, 2), keepdims=True)
    return np.stack([(mass * line).sum(axis=(1, 2)), (mass * line[:, np.newaxis]).sum(axis=(1, 2))], axis=1)


def test_a_copy_to_which_nothing_is_done_is_the_picture(spots: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(_copies(spots), spots, atol=1e-6)


def test_copies_are_moved_both_ways_as_far_as_they_may(spots: NDArray[np.float32]) -> None:
    moves = _middles(_copies(spots, shift=0.1)) - _middles(spots)
    np.testing.assert_allclose(moves.min(axis=0), -2.1, atol=0.1)
    np.testing.assert_allclose(moves.max(axis=0), 2.1, atol=0.1)
    np.testing.assert_allclose(moves.mean(axis=0), 0, atol=0.2)


def test_copies_are_turned_around_the_middle(spots: NDArray[np.float32]) -> None:
    x, y = _middles(_copies(spots, rotate=90)).T
    np.testing.assert_allclose(np.hypot(x, y), 4, atol=0.05)
    angle = np.degrees(np.arctan2(y, x))
    assert angle.min() == pytest.approx(-90, abs=2)
    assert angle.max() == pytest.approx(90, abs=2)


def test_half_of_them_are_mirrored(spots: NDArray[np.float32]) -> None:
    copies = _copies(spots, flip=True)
    mirrored = _middles(copies)[:, 0] < 0
    assert 0.4 < mirrored.mean() < 0.6
    np.testing.assert_allclose(copies[mirrored], spots[mirrored][..., ::-1], atol=1e-6)
    np.testing.assert_allclose(copies[~mirrored], spots[~mirrored], atol=1e-6)


def test_noise_is_added(spots: NDArray[np.float32]) -> None:
    copies = _copies(spots, noise=10)
    middle = (spots > 0.4) & (spots < 0.6)
    assert (copies - spots)[middle].std() == pytest.approx(0.1, abs=0.01)
    assert copies.min() == 0
    assert copies.max() == 1


def test_channels_move_together(spots: NDArray[np.float32]) -> None:
    copies = _copies(spots, shift=0.2, rotate=30, flip=True)
    np.testing.assert_allclose(copies[:, 0], copies[:, 2] * 0.2, atol=1e-6)


def test_what_comes_in_from_beyond_the_edge_is_like_the_edge() -> None:
    grey = np.full((20, 1, 9, 9), 0.6, dtype=np.float32)
    np.testing.assert_allclose(_copies(grey, shift=0.5, rotate=45), grey, atol=1e-6)


@pytest.mark.parametrize("flip", [False, True])
def test_boxes_move_with_what_they_frame(*, flip: bool) -> None:
    data: PictureSet = drawn("shapes", samples=200, side=32, position=0.2, scale=0, rotation=0, task="detection")
    spec = Augmentation(copies=1, shift=0.05, rotate=90, flip=flip)
    pictures, boxes = augment(data.pictures, data.boxes, spec, np.random.default_rng(0))
    assert boxes is not None
    for picture, (x, y, width, height) in zip(pictures[:, 0], 32 * boxes.astype(float), strict=True):
        for middle, extent, seen in ((x, width, picture.max(axis=0)), (y, height, picture.max(axis=1))):
            first, last = np.flatnonzero(seen > 0.01)[[0, -1]]
            assert middle - extent / 2 == pytest.approx(first + 0.5, abs=1.5)
            assert middle + extent / 2 == pytest.approx(last + 0.5, abs=1.5)


def test_what_of_a_box_leaves_the_picture_is_cut_off() -> None:
    box = np.tile(np.array([0.9, 0.5, 0.2, 0.2], dtype=np.float32), (100, 1))
    pictures = np.zeros((100, 1, 16, 16), dtype=np.float32)
    _, boxes = augment(pictures, box, Augmentation(copies=1, shift=0.5), np.random.default_rng(0))
    assert boxes is not None
    low, high = boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2
    assert low.min() >= -1e-6
    assert high.max() <= 1 + 1e-6
    assert boxes[:, 2:].min() >= 0
