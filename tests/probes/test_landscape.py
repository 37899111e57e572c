"""Random directions are filter-normalised and orthogonal in each unit; those of a path are its principal components."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.streams import stream
from app.probes.landscape import Tensors, outwards, places, random_plane, room, trajectory_plane

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
    middle = plane.at(*[places(25, -1.7, 1.7)[12]] * 2)
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
    axis = places(side, -1.5, 1.5)
    assert (axis[0], axis[side // 2], axis[-1]) == (-1.5, 0.0, 1.5)
    np.testing.assert_allclose(np.diff(axis), 3 / (side - 1))
    order = outwards(axis, axis)
    assert order[0] == (side // 2, side // 2)
    assert sorted(order) == [(row, column) for row in range(side) for column in range(side)]
    distances = [np.hypot(row - side // 2, column - side // 2) for row, column in order]
    assert distances == sorted(distances)


@st.composite
def ways(draw: st.DrawFn) -> list[Network]:
    """Moments of a network in training; some may be alike, but two differ from the last."""
    network, count = draw(networks()), draw(st.integers(3, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    still = rng.random(count) < draw(st.sampled_from([0.0, 0.5]))
    still[:2], still[-1] = False, True
    scale = 10.0 ** draw(st.integers(-2, 2))

    def moved(tensor: np.ndarray) -> np.ndarray:
        return (tensor + scale * rng.standard_normal(tensor.shape)).astype(np.float32)

    return [network if here else {name: moved(tensor) for name, tensor in network.items()} for here in still]


def flat(tensors: Tensors) -> np.ndarray:
    """All numbers in a row."""
    return np.concatenate([tensor.ravel() for tensor in tensors.values()]).astype(np.float64)


@given(ways(), st.integers(0, 2**32 - 1))
def test_a_path_is_seen_in_its_two_principal_components(moments: list[Network], seed: int) -> None:
    trajectory = trajectory_plane(moments)
    directions = np.stack([flat(trajectory.plane.first), flat(trajectory.plane.second)])
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-9)
    rows = np.stack([flat(moment) - flat(moments[-1]) for moment in moments])
    np.testing.assert_allclose(trajectory.places, rows @ directions.T, atol=1e-9 * np.abs(rows).max())
    assert tuple(trajectory.places[-1]) == (0.0, 0.0)
    assert (trajectory.places[0] <= 1e-9 * np.abs(rows).max()).all()
    variances = np.linalg.svd(rows, compute_uv=False) ** 2
    np.testing.assert_allclose(trajectory.shares, variances[:2] / variances.sum(), atol=1e-9)
    captured = np.sum(trajectory.places**2)
    others, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((rows.shape[1], 2)))
    assert np.sum((rows @ others) ** 2) <= captured * (1 + 1e-9)


@given(ways())
def test_along_a_path_the_network_is_exactly_itself(moments: list[Network]) -> None:
    middle = trajectory_plane(moments).plane.at(0.0, 0.0)
    for name, tensor in moments[-1].items():
        np.testing.assert_array_equal(middle[name], tensor, strict=True)


def test_a_straight_path_has_a_second_direction_all_the_same() -> None:
    still, turned = np.zeros(3, np.float32), np.array([1, 2, 2], np.float32)
    moments: list[Network] = [{"layers.0.weight": still + length * turned} for length in (-3, -1, 0)]
    trajectory = trajectory_plane(moments)
    np.testing.assert_allclose(trajectory.shares, (1, 0), atol=1e-12)
    np.testing.assert_allclose(trajectory.places, [[-9, 0], [-3, 0], [0, 0]], atol=1e-6)
    np.testing.assert_allclose(trajectory.plane.first["layers.0.weight"], turned / 3, atol=1e-9)
    assert np.linalg.norm(trajectory.plane.second["layers.0.weight"]) == pytest.approx(1)


@given(st.integers(1, 25), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_places_are_even_reach_both_ends_and_hold_nought(half: int, below: float, above: float) -> None:
    side = 2 * half + 1
    axis = places(side, -below, above)
    assert len(axis) == side
    assert np.count_nonzero(axis == 0.0) == 1
    np.testing.assert_allclose(np.diff(axis), (axis[-1] - axis[0]) / (side - 1), rtol=1e-9)
    assert axis[0] <= -below * (1 - 1e-9)
    assert axis[-1] >= above * (1 - 1e-9)
    assert np.diff(axis)[0] <= max(below, above, (below + above) / max(1, side - 2)) * (1 + 1e-9)
    row, column = outwards(axis, places(3, -1, 1))[0]
    assert (row, axis[column]) == (1, 0.0)


def test_a_path_has_room_around_it_and_a_narrow_one_is_not_blown_up() -> None:
    (left, right), (low, high) = room(np.array([[-10.0, -2.0], [-4.0, 3.0], [0.0, 0.0]]))
    assert (left, right) == pytest.approx((-11.2, 1.2))
    assert (low, high) == pytest.approx((-2.6, 3.6))
    (left, right), (low, high) = room(np.array([[-10.0, 0.0], [0.0, 0.0]]))
    assert (left, right) == pytest.approx((-11.2, 1.2))
    assert (low, high) == pytest.approx((-1.55, 1.55))
