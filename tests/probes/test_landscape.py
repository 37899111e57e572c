"""Directions are filter-normalised and orthogonal, in each unit and as a whole, whatever the network."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.streams import stream
from app.probes.landscape import Tensors, outwards, places, random_plane

Network = dict[str, np.ndarray]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Any layers, single inputs and units of nothing but zeros among them; weights of any size."""
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tensors: Network = {}
    for layer, (inputs, units) in enumerate(pairwise(sizes)):
        scale = 10.0 ** draw(st.integers(-3, 3)) * (rng.random(units) > draw(st.sampled_from([0.0, 0.3])))
        tensors[f"layers.{layer}.weight"] = (rng.standard_normal((inputs, units)) * scale).astype(np.float32)
        tensors[f"layers.{layer}.bias"] = (rng.standard_normal(units) * scale).astype(np.float32)
    return tensors


def filters(tensors: Tensors) -> list[np.ndarray]:
    """All that comes into each unit, by layer: (inputs + 1, units)."""
    layers = len(tensors) // 2
    return [np.vstack([tensors[f"layers.{at}.weight"], tensors[f"layers.{at}.bias"]]) for at in range(layers)]


@given(networks(), st.integers(0, 2**32 - 1))
def test_directions_are_filter_normalised_and_orthogonal(tensors: Network, seed: int) -> None:
    plane = random_plane(tensors, stream(seed, "landscape"))
    product = 0.0
    for network, first, second in zip(*map(filters, (tensors, plane.first, plane.second)), strict=True):
        lengths = np.linalg.norm(network.astype(np.float64), axis=0)
        for direction in (first, second):
            np.testing.assert_allclose(np.linalg.norm(direction, axis=0), lengths, rtol=1e-9)
        cosines = np.sum(first * second, axis=0) / np.where(lengths > 0, lengths, 1) ** 2
        assert np.abs(cosines).max() < 1e-9
        product += float(np.sum(first * second))
    total = sum(float(np.sum(tensor.astype(np.float64) ** 2)) for tensor in tensors.values())
    assert abs(product) <= 1e-9 * total


@given(networks(), st.integers(0, 2**32 - 1))
def test_the_middle_is_exactly_the_network(tensors: Network, seed: int) -> None:
    plane = random_plane(tensors, stream(seed, "landscape"))
    middle = plane.at(*[places(25, 1.7)[12]] * 2)
    assert middle.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(middle[name], tensor, strict=True)


def test_a_place_is_as_far_along_each_direction_as_it_says() -> None:
    tensors = {"layers.0.weight": np.ones((2, 3), np.float32), "layers.0.bias": np.ones(3, np.float32)}
    plane = random_plane(tensors, stream(1, "landscape"))
    there = plane.at(0.5, -2.0)
    for name, tensor in tensors.items():
        expected = tensor + 0.5 * plane.first[name] - 2.0 * plane.second[name]
        np.testing.assert_allclose(there[name], expected, rtol=1e-6)
        assert there[name].dtype == np.float32


def test_another_seed_gives_other_directions_and_the_same_seed_the_same() -> None:
    tensors = {"layers.0.weight": np.ones((2, 3), np.float32), "layers.0.bias": np.ones(3, np.float32)}
    one, same, other = (random_plane(tensors, stream(seed, "landscape")).first for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["layers.0.weight"], same["layers.0.weight"])
    assert not np.allclose(one["layers.0.weight"], other["layers.0.weight"])


@pytest.mark.parametrize("side", [3, 25, 51])
def test_the_grid_is_even_and_drawn_from_the_middle_outwards(side: int) -> None:
    axis = places(side, 1.5)
    assert (axis[0], axis[side // 2], axis[-1]) == (-1.5, 0.0, 1.5)
    np.testing.assert_allclose(np.diff(axis), 3 / (side - 1))
    order = outwards(side)
    assert order[0] == (side // 2, side // 2)
    assert sorted(order) == [(row, column) for row in range(side) for column in range(side)]
    distances = [np.hypot(row - side // 2, column - side // 2) for row, column in order]
    assert distances == sorted(distances)
