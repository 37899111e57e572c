"""What all kinds of pictures have in common: values, balance, noise, and how many there may be."""

import numpy as np
import pytest

from app.errors import InvalidInput
from tests.data.pictures.cases import drawn


def test_digits_are_those_of_scikit_learn() -> None:
    data = drawn("digits")
    assert data.pictures.shape == (1_797, 1, 8, 8)
    assert data.pictures.dtype == np.float32
    assert set(np.unique(16 * data.pictures).tolist()) == set(range(17))
    assert data.class_names == tuple("0123456789")
    # The first of them is a nought: dark in the middle, bright around it.
    assert data.labels[:10].tolist() == list(range(10))
    assert data.pictures[0, 0, 3:5, 3:5].max() < 0.1 < 0.4 < data.pictures[0, 0, 3, 2]


def test_fewer_pictures_are_as_many_of_each_class_and_others_by_another_seed() -> None:
    first, same, other = (drawn("digits", samples=205, seed=seed) for seed in (1, 1, 2))
    counts = np.bincount(first.labels.astype(int))
    assert counts.sum() == 205
    assert counts.max() - counts.min() == 1
    np.testing.assert_array_equal(first.pictures, same.pictures)
    assert not np.array_equal(first.pictures, other.pictures)


def test_what_runs_out_is_made_up_for_by_other_classes() -> None:
    counts = np.bincount(drawn("digits", samples=1_790).labels.astype(int))
    assert counts.sum() == 1_790
    assert counts.min() >= 174


def test_more_than_there_are_cannot_be_had() -> None:
    with pytest.raises(InvalidInput, match=r"data\.samples: there are 1,797 pictures, not 1,798"):
        drawn("digits", samples=1_798)


def test_more_than_fit_are_refused_with_the_largest_number_that_does() -> None:
    with pytest.raises(InvalidInput, match=r"data\.samples: 7,813 .* 7,812 fit"):
        drawn("shapes", side=32, samples=7_813)
    assert len(drawn("shapes", side=32, samples=7_812).pictures) == 7_812


@pytest.mark.parametrize("kind", ["digits", "shapes"])
def test_noise_disturbs_every_pixel_and_stays_within_the_range(kind: str) -> None:
    clear, little, much = (drawn(kind, samples=400, noise=noise).pictures for noise in (0, 10, 50))
    middle = (clear > 0.4) & (clear < 0.6)
    assert (little - clear)[middle].std() == pytest.approx(0.1, abs=0.01)
    assert abs((little - clear)[middle].mean()) < 0.02
    for noisy in (little, much):
        assert noisy.dtype == np.float32
        assert noisy.min() == 0
        assert noisy.max() == 1
    np.testing.assert_array_equal(little, drawn(kind, samples=400, noise=10).pictures)


def test_more_noise_moves_the_same_pixels_further() -> None:
    clear, little, much = (drawn("shapes", samples=40, noise=noise).pictures for noise in (0, 1, 2))
    kept = (much > 0) & (much < 1)
    np.testing.assert_allclose((much - clear)[kept], 2 * (little - clear)[kept], atol=1e-6)
