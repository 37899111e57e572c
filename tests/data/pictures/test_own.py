import numpy as np
import pytest

from app.data.pictures.archive import PictureArchive
from app.data.pictures.own import scaled
from app.errors import InvalidInput
from app.schemas.picture_data import MAX_SIDE
from tests.data.pictures.cases import archive_of, drawn

ID = "0" * 32


def test_they_are_scaled_and_keep_their_colours() -> None:
    archive = archive_of(12, 12)
    data = drawn("pictures", dataset=ID, archive=archive)
    assert data.pictures.shape == (24, 3, 24, 24)
    assert data.pictures.dtype == np.float32
    assert (data.class_names, data.problem.classes) == (archive.class_names, 2)
    assert data.labels.tolist() == [0] * 12 + [1] * 12
    expected = archive.pictures.reshape(24, 3, 24, 2, 24, 2).mean(axis=(3, 5)) / 255
    np.testing.assert_allclose(data.pictures, expected, atol=1e-6)


def test_they_stay_as_they_are_at_their_own_size() -> None:
    archive = archive_of(3, 3)
    data = drawn("pictures", dataset=ID, side=MAX_SIDE, archive=archive)
    np.testing.assert_allclose(255 * data.pictures, archive.pictures, atol=1e-4)


def test_shades_of_grey_are_as_bright_as_the_colours_look() -> None:
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], dtype=np.uint8)
    pictures = np.broadcast_to(colours[:, :, np.newaxis, np.newaxis], (4, 3, MAX_SIDE, MAX_SIDE))
    archive = PictureArchive(("a", "b"), pictures, np.array([0, 0, 1, 1]))
    data = drawn("pictures", dataset=ID, colour=False, side=10, archive=archive)
    assert data.pictures.shape == (4, 1, 10, 10)
    np.testing.assert_allclose(data.pictures[:, 0, 5, 5], [0.299, 0.587, 0.114, 1], atol=1e-6)


@pytest.mark.parametrize("side", [8, 17, 31, 47])
def test_a_size_that_does_not_divide_evenly_takes_a_share_of_each_pixel(side: int) -> None:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (1, 1, 48, 48), dtype=np.uint8)
    fine = np.kron(pictures[0, 0], np.ones((side, side)))
    expected = fine.reshape(side, 48, side, 48).mean(axis=(1, 3))
    np.testing.assert_allclose(scaled(pictures, side)[0, 0], expected, rtol=1e-5)


def test_a_small_class_is_taken_whole() -> None:
    data = drawn("pictures", dataset=ID, samples=20, archive=archive_of(60, 5))
    assert np.bincount(data.labels.astype(int)).tolist() == [15, 5]


def test_without_an_upload_there_is_nothing() -> None:
    with pytest.raises(InvalidInput, match=r"data\.dataset: no pictures 0+ were uploaded"):
        drawn("pictures", dataset=ID)


def test_too_many_large_ones_are_refused_before_they_are_scaled() -> None:
    pictures = np.broadcast_to(np.uint8(0), (5_000, 3, MAX_SIDE, MAX_SIDE))
    archive = PictureArchive(("a", "b"), pictures, np.arange(5_000) % 2)
    with pytest.raises(InvalidInput, match=r"data\.samples: 5,000 pictures of 3 × 48 × 48 .* 1,157 fit"):
        drawn("pictures", dataset=ID, side=MAX_SIDE, archive=archive)
