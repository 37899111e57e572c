from functools import partial
from itertools import combinations, product

import jax
import numpy as np
import pytest

from app.nn.dropout import dropout_scale

COLUMNS = np.arange(256, dtype=np.int32)

_compiled = jax.jit(dropout_scale, static_argnames=("layer", "units"))


def scale(
    rate: float, *, seed: int = 1, step: int = 0, layer: int = 0, units: int = 64, columns: np.ndarray = COLUMNS
) -> np.ndarray:
    return np.asarray(_compiled(np.float32(rate), np.uint32(seed), np.int32(step), layer, units, columns))


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.95])
def test_the_share_that_is_kept_is_what_was_asked_for_and_is_scaled_up(rate: float) -> None:
    scales = np.stack([scale(rate, step=step) for step in range(20)])
    np.testing.assert_allclose(np.unique(scales), [0, 1 / (1 - rate)], rtol=1e-6)
    kept = (scales > 0).astype(np.float64)
    deviation = np.sqrt(rate * (1 - rate) / kept.size)
    assert abs(kept.mean() - (1 - rate)) < 4 * deviation
    np.testing.assert_allclose(scales.mean(), 1, atol=4 * deviation / (1 - rate))
    # No unit, no place in the batch and no step is favoured.
    for axes in ((0, 1), (0, 2), (1, 2)):
        shares = kept.mean(axis=axes)
        expected = np.sqrt(rate * (1 - rate) / (kept.size / shares.size))
        assert np.abs(shares - (1 - rate)).max() < 5 * expected


def test_masks_of_other_seeds_steps_and_layers_have_nothing_in_common() -> None:
    """Every pair: the next step of one layer must not be the present step of the next layer, either."""
    moments = list(product((1, 2, 2**31), (0, 1, 10**6), (0, 1)))
    masks = [scale(0.5, seed=seed, step=step, layer=layer) > 0 for seed, step, layer in moments]
    for (first, one), (second, other) in combinations(zip(moments, masks, strict=True), 2):
        assert abs(np.mean(one == other) - 0.5) < 5 * 0.5 / np.sqrt(one.size), (first, second)


def test_neighbours_are_independent() -> None:
    kept = scale(0.5) > 0
    for shifted in (np.roll(kept, 1, axis=1), np.roll(kept, 7, axis=0), np.roll(kept, 16, axis=1)):
        assert abs(np.mean(shifted == kept) - 0.5) < 5 * 0.5 / np.sqrt(kept.size)


def test_a_units_mask_depends_neither_on_padding_nor_on_chunks() -> None:
    whole = scale(0.4, units=16)
    np.testing.assert_array_equal(scale(0.4, units=8), whole[:8])
    chunks = [scale(0.4, units=16, columns=COLUMNS[start : start + 16]) for start in range(0, 256, 16)]
    np.testing.assert_array_equal(np.concatenate(chunks, axis=1), whole)


def test_the_same_step_has_the_same_mask() -> None:
    again = partial(scale, 0.3, seed=9, step=123, layer=0)
    np.testing.assert_array_equal(again(), again())


def test_a_larger_rate_drops_what_a_smaller_one_drops_and_more() -> None:
    assert ((scale(0.6) > 0) <= (scale(0.3) > 0)).all()


def test_no_dropout_changes_nothing() -> None:
    np.testing.assert_array_equal(scale(0.0), 1)
