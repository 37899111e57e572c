"""Where layers place the plane: their own two answers, or two components that keep still while nothing changes."""

import numpy as np
import pytest

from app.probes.space import MOST_POINTS, places, space_part
from app.schemas.frame import THUMBNAIL_SIDE
from tests.engine.cases import layers, setup
from tests.probes.unpacking import unpack

rng = np.random.default_rng(8)


def test_two_units_are_the_two_axes_and_one_is_a_line() -> None:
    grid, samples, points = rng.normal(size=(2, 9)), rng.normal(size=(2, 5)), rng.normal(size=(5, 2))
    both = places(grid, samples, points)
    np.testing.assert_array_equal(both.grid, grid)
    np.testing.assert_array_equal(both.samples, samples)
    assert both.share is None
    line = places(grid[:1], samples[:1], points)
    np.testing.assert_array_equal(line.grid, [grid[0], np.zeros(9)])
    assert line.share is None


def test_more_units_show_the_two_directions_in_which_samples_differ_most() -> None:
    units, count = 5, 60
    samples = rng.normal(size=(units, count)) * np.array([[0.1], [3.0], [0.2], [2.0], [0.1]])
    grid = rng.normal(size=(units, 16))
    placed = places(grid, samples, rng.normal(size=(count, 2)))
    centred = samples - samples.mean(axis=1, keepdims=True)
    singular = np.linalg.svd(centred, compute_uv=False)
    assert placed.share == pytest.approx(np.sum(singular[:2] ** 2) / np.sum(singular**2))
    # Distances within the plane of the components, whichever way it is turned.
    components = np.linalg.svd(centred)[0][:, :2]
    expected = components.T @ (grid - samples.mean(axis=1, keepdims=True))
    np.testing.assert_allclose(np.linalg.norm(placed.grid, axis=0), np.linalg.norm(expected, axis=0))
    np.testing.assert_allclose(placed.grid.T @ placed.grid, expected.T @ expected, atol=1e-9)


def test_a_plane_that_is_only_turned_in_space_is_shown_as_it_lies() -> None:
    points = rng.normal(size=(50, 2))
    turned = np.linalg.qr(rng.normal(size=(4, 4)))[0][:, :2]
    samples = turned @ points.T + 3
    placed = places(samples, samples, points)
    np.testing.assert_allclose(placed.samples, (points - points.mean(axis=0)).T, atol=1e-9)
    assert placed.share == pytest.approx(1)


def test_units_that_answer_everything_alike_lie_in_one_place() -> None:
    placed = places(np.ones((3, 4)), np.ones((3, 6)), rng.normal(size=(6, 2)))
    np.testing.assert_array_equal(placed.grid, 0)
    assert placed.share == 1


@pytest.mark.parametrize(("samples", "stride"), [(100, 1), (500, 2), (5_000, 13)])
def test_every_layer_places_the_grid_and_some_training_samples(samples: int, stride: int) -> None:
    made = setup(data={"kind": "spiral", "samples": samples}, network={"layers": layers(2, 5, 1)})
    thumbnails = [rng.normal(size=(8, THUMBNAIL_SIDE, THUMBNAIL_SIDE)).astype(np.float32) for _ in range(3)]
    hidden = [rng.normal(size=(8, min(samples, THUMBNAIL_SIDE**2))).astype(np.float32) for _ in range(3)]
    part = space_part(made, thumbnails, hidden)
    assert part["stride"] == stride
    first, second, third = part["layers"]
    assert (first["share"], third["share"]) == (None, None)
    assert 0 < second["share"] <= 1
    for unit in range(2):
        grid, shown = unpack(first["grid"][unit]), unpack(first["samples"][unit])
        assert grid.shape == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
        np.testing.assert_allclose(grid, thumbnails[0][unit], atol=0.02)
        expected = hidden[0][unit][: made.prepared.counts[0] : stride]
        np.testing.assert_allclose(shown[0], expected, atol=0.02)
        assert shown.shape[1] <= MOST_POINTS


def test_answers_beyond_all_bounds_are_placed_all_the_same() -> None:
    made = setup(network={"layers": layers(3, 3)})
    maps = [np.full((8, THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.inf, np.float32), np.full((8, 32, 32), np.nan, np.float32)]
    hidden = [maps[0].reshape(8, -1)[:, :500], np.array(rng.normal(size=(8, 500)) * 1e37, np.float32)]
    for layer in space_part(made, maps, hidden)["layers"]:
        for packed in (*layer["grid"], *layer["samples"]):
            assert np.isfinite(unpack(packed)).all()


def test_a_network_without_hidden_layers_places_nothing() -> None:
    made = setup(network={"layers": []})
    assert space_part(made, [], [])["layers"] == []
