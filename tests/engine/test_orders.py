import numpy as np
import pytest

from app.engine.loop import ORDER_PADDING, epochs_per_block
from app.engine.orders import EpochOrders

ROWS = 512


def block(seed: int = 0, train: int = 250, index: int = 0, *, shuffle: bool = True) -> np.ndarray:
    return EpochOrders(seed, train, ROWS, shuffle=shuffle).block(index)


@pytest.mark.parametrize("train", [1, 2, 250, 511])
def test_every_epoch_goes_through_every_sample_once(train: int) -> None:
    orders = block(train=train)
    assert orders.shape == (epochs_per_block(ROWS), ROWS + ORDER_PADDING)
    np.testing.assert_array_equal(np.sort(orders[:, :train], axis=1), np.tile(np.arange(train), (len(orders), 1)))


def test_places_after_the_last_sample_hold_samples_of_the_training_part() -> None:
    assert (block()[:, 250:] < 250).all()


def test_the_largest_part_fits_its_numbers() -> None:
    orders = EpochOrders(3, 8_191, 8_192, shuffle=True).block(2)
    assert orders.shape == (epochs_per_block(8_192), 8_192 + ORDER_PADDING)
    np.testing.assert_array_equal(np.sort(orders[:, :8_191], axis=1), np.tile(np.arange(8_191), (len(orders), 1)))


def test_an_order_depends_on_seed_and_epoch_alone() -> None:
    first, again = EpochOrders(5, 250, ROWS, shuffle=True), EpochOrders(5, 250, ROWS, shuffle=True)
    third = again.block(3)
    np.testing.assert_array_equal([first.block(index) for index in range(4)][3], third)
    np.testing.assert_array_equal(again.block(3), third)


def test_no_two_epochs_or_seeds_share_an_order() -> None:
    orders = np.concatenate([block(seed, index=index)[:, :250] for seed in (0, 1) for index in (0, 1)])
    assert len(np.unique(orders, axis=0)) == len(orders)


def test_every_sample_is_equally_likely_at_every_place() -> None:
    train, count = 20, 8
    orders = np.concatenate([block(train=train, index=index)[:, :train] for index in range(count)])
    counts = np.array([np.bincount(orders[:, place], minlength=train) for place in range(train)])
    expected = len(orders) / train
    chi_squared = np.sum((counts - expected) ** 2) / expected
    degrees = (train - 1) ** 2
    assert abs(chi_squared - degrees) < 5 * np.sqrt(2 * degrees)


def test_without_shuffling_samples_come_as_they_lie() -> None:
    orders = block(shuffle=False)
    np.testing.assert_array_equal(orders[:, :250], np.tile(np.arange(250), (len(orders), 1)))
