from typing import Any

import numpy as np
import pytest

from app.families.base import of_plane
from app.probes.parts import (
    THUMBNAIL_SHADES,
    boundary_part,
    inputs_part,
    neurons_part,
    output_range,
    surface_part,
    tensors_part,
)
from app.schemas.frame import BOUNDARY_SIDE, SURFACE_SIDE, THUMBNAIL_SIDE
from tests.engine.cases import layers, observed, program, setup, trainer
from tests.probes.unpacking import unpack

RNG = np.random.default_rng(8)
GRID = (BOUNDARY_SIDE, BOUNDARY_SIDE)
LEVEL = 1 / (THUMBNAIL_SHADES - 1)  # the coarser of the two


def outputs(count: int, scale: float = 1.0) -> np.ndarray:
    """Answers of `count` real outputs, and of padding that shouts."""
    values = RNG.normal(0, scale, (8, *GRID)).astype(np.float32)
    values[count:] = 1e3
    return values


def test_tensors_come_by_layer_as_they_are() -> None:
    made = trainer(network={"layers": layers(3)})
    part = tensors_part(made.tensors())
    assert [sorted(layer) for layer in part["layers"]] == [["bias", "weight"]] * 2
    for index, layer in enumerate(part["layers"]):
        for name, packed in layer.items():
            np.testing.assert_array_equal(unpack(packed), made.tensors()[f"layers.{index}.{name}"])


def test_one_output_is_a_map_of_values_in_the_range_of_its_targets() -> None:
    part = boundary_part(setup(), outputs(1)[:1])
    assert part.keys() == {"x_range", "y_range", "value"}
    assert part["x_range"] == part["y_range"] == [-6, 6]
    assert part["value"]["range"] == [-1, 1]
    assert part["value"]["shape"] == list(GRID)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, (-1, 1)),
        ({"training": {"loss": "hinge"}}, (-1, 1)),
        ({"training": {"loss": "binary_cross_entropy"}}, (0, 1)),
        ({"data": {"kind": "plane"}}, (-1.2, 1.2)),
        ({"data": {"kind": "points", "points": [[0, 0, 0.1], [1, 1, 0.25]]}}, (-1, 1)),
        ({"data": {"kind": "points", "points": [[0, 0, -70.5], [1, 1, 20]]}}, (-70.5, 70.5)),
    ],
)
def test_a_single_outputs_range_is_that_of_its_targets(document: dict[str, Any], expected: tuple[float, float]) -> None:
    low, high = output_range(setup(**document))
    assert (low, high) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("classes", [3, 6])
def test_many_outputs_are_a_map_of_classes_and_how_sure_they_are(classes: int) -> None:
    made = setup(data={"kind": "blobs", "classes": classes})
    probabilities = outputs(classes)
    probabilities[:classes] = np.exp(probabilities[:classes]) / np.exp(probabilities[:classes]).sum(axis=0)
    part = boundary_part(made, probabilities)
    assert part.keys() == {"x_range", "y_range", "class", "confidence"}
    np.testing.assert_array_equal(unpack(part["class"]), probabilities[:classes].argmax(axis=0))
    confidence = unpack(part["confidence"])
    np.testing.assert_allclose(confidence, probabilities[:classes].max(axis=0), atol=LEVEL)


def test_without_probabilities_confidence_is_how_far_the_winner_is_ahead() -> None:
    made = setup(data={"kind": "blobs"}, training={"loss": "half_squared_error"})
    answers = outputs(3, 0.5)
    part = boundary_part(made, answers)
    ordered = np.sort(answers[:3], axis=0)
    np.testing.assert_allclose(unpack(part["confidence"]), np.clip(ordered[2] - ordered[1], 0, 1), atol=LEVEL)


def test_thumbnails_are_of_real_units_alone_with_zero_in_the_middle() -> None:
    made = setup(network={"layers": layers(3, 7)})
    maps = [RNG.normal(0, size, (8, THUMBNAIL_SIDE, THUMBNAIL_SIDE)).astype(np.float32) for size in (0.1, 5)]
    part = neurons_part(made, maps)
    assert [len(layer) for layer in part["layers"]] == [3, 7]
    for packed_layer, values in zip(part["layers"], maps, strict=True):
        for packed, neuron in zip(packed_layer, values, strict=False):
            low, high = packed["range"]
            assert -low == high == pytest.approx(max(1.0, float(np.abs(neuron).max())))
            np.testing.assert_allclose(unpack(packed), neuron, atol=(high - low) * LEVEL)


def test_thumbnails_of_numbers_that_are_not_finite_have_a_finite_range() -> None:
    made = setup(network={"layers": layers(2)})
    maps = np.zeros((8, THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.float32)
    maps[0, 0, :4] = [np.inf, -np.inf, np.nan, 3e38]
    maps[1] = np.nan
    packed = neurons_part(made, [maps])["layers"][0]
    assert packed[0]["range"] == pytest.approx([-3e38, 3e38])
    assert packed[1]["range"] == [-1, 1]


def test_inputs_are_one_map_for_each_feature() -> None:
    part = inputs_part(setup(data={"features": ["x1", "x1*x2", "cos(x2)"], "scaling": "min_max"}))
    assert [packed["shape"] for packed in part["maps"]] == [[THUMBNAIL_SIDE, THUMBNAIL_SIDE]] * 3
    assert all(packed["range"] == [-1, 1] for packed in part["maps"])


def test_a_trained_networks_maps_are_what_it_answers() -> None:
    made = trainer(data={"kind": "rings"}, network={"layers": layers(10)})
    made.advance(program(made.setup), 200)
    seen = observed(made)
    part = boundary_part(of_plane(made.setup), np.asarray(seen.outputs))
    answers = made.predict(program(made.setup, observes=True), np.array([[0.0, 0.0], [-6.0, -6.0], [6.0, -6.0]]))
    classes = unpack(part["class"])
    corners = [classes[BOUNDARY_SIDE // 2, BOUNDARY_SIDE // 2], classes[0, 0], classes[0, -1]]
    assert corners == answers.argmax(axis=1).tolist()
    assert len(neurons_part(of_plane(made.setup), [np.asarray(maps) for maps in seen.thumbnails])["layers"][0]) == 10


def test_every_real_output_is_a_surface_over_its_own_range() -> None:
    made = setup(data={"kind": "blobs", "classes": 3})
    values = outputs(3)
    part = surface_part(made, values)
    assert len(part["outputs"]) == 3
    lines = np.linspace(0, BOUNDARY_SIDE - 1, SURFACE_SIDE).round().astype(int)
    for packed, expected in zip(part["outputs"], values, strict=False):
        low, high = packed["range"]
        np.testing.assert_allclose(unpack(packed), expected[lines][:, lines], atol=(high - low) / 400)


@pytest.mark.parametrize("value", [0.0, 1e6, -1e20])
def test_a_flat_surface_has_a_range(value: float) -> None:
    low, high = surface_part(setup(), np.full((1, *GRID), value, np.float32))["outputs"][0]["range"]
    assert low < value < high
