"""Every kind of layer, forward and gradient, against NumPy in float64; and batches that are not full."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from app.nn.pictures.layers import max_pooled
from app.nn.pictures.stack import Stack
from app.schemas.picture_network import (
    AveragePool,
    BatchNorm,
    Conv2D,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LayerNorm,
    MaxPool,
    PictureDense,
    PictureLayer,
    Residual,
)
from tests.nn.pictures.passes import passes
from tests.nn.pictures.reference import Reference
from tests.nn.pictures.stacks import random_tensors

CASES: Mapping[str, tuple[PictureLayer, ...]] = {
    "convolution": (Conv2D(filters=2, kernel=2, activation="gelu"), Flatten()),
    "convolution with all its fields": (
        Conv2D(filters=2, kernel=1, activation="tanh"),
        Conv2D(filters=3, kernel=3, stride=2, padding=2, dilation=2, activation="softplus"),
        Flatten(),
    ),
    "max pooling": (Conv2D(filters=2, activation="silu"), MaxPool(), Flatten()),
    "max pooling with overlap": (Conv2D(filters=2, padding=1, activation="sine"), MaxPool(size=3, stride=2), Flatten()),
    "max pooling with gaps": (Conv2D(filters=2, padding=1, activation="elu"), MaxPool(size=2, stride=3), Flatten()),
    "average pooling": (Conv2D(filters=2, activation="selu"), AveragePool(), Flatten()),
    "average pooling with overlap": (Conv2D(filters=2), AveragePool(size=3, stride=2), Flatten()),
    "global average pooling": (Conv2D(filters=2), GlobalAveragePool()),
    "batch norm": (Conv2D(filters=2), BatchNorm(momentum=0.7, activation="tanh"), Flatten()),
    "batch norm of units": (Flatten(), PictureDense(units=4), BatchNorm(momentum=0.0, activation="hard_tanh")),
    "layer norm": (Conv2D(filters=2), LayerNorm(activation="leaky_relu"), Flatten()),
    "layer norm of units": (Flatten(), PictureDense(units=4), LayerNorm(activation="sigmoid")),
    "dropout": (Conv2D(filters=2), Dropout(rate=0.4), Flatten(), Dropout(rate=0.2)),
    "dense": (Flatten(), PictureDense(units=4, activation="elu"), PictureDense(units=3, activation="sine")),
    "residual": (Residual(filters=2, momentum=0.8, activation="softplus"), GlobalAveragePool()),
    "residual with shortcut": (Residual(filters=3, stride=2, activation="silu"), GlobalAveragePool()),
    "nothing but the output layer": (Flatten(),),
}
SHAPE, OUTPUTS, SAMPLES, COLUMNS = (2, 5, 6), 3, 5, 8


def assert_close(found: np.ndarray, exact: np.ndarray) -> None:
    np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("layers", CASES.values(), ids=CASES.keys())
def test_partial_batches_are_the_references_full_ones(layers: tuple[PictureLayer, ...]) -> None:
    """Forward in both modes, running statistics, and the gradient; of 8 columns, 5 are real."""
    rng = np.random.default_rng(5)
    tensors, statistics = random_tensors(rng, Stack(layers, SHAPE, OUTPUTS))
    inputs, slope = rng.normal(size=(SAMPLES, *SHAPE)), rng.normal(size=(SAMPLES, OUTPUTS))
    found = passes(layers, tensors, statistics, inputs, slope, columns=COLUMNS)

    reference = Reference(layers, tensors, statistics)
    pre_activations, outputs, updated = reference.respond(inputs, training=True, scales=found.scales)
    for ours, exact in zip(found.pre_activations, pre_activations, strict=True):
        assert_close(ours, exact)
    for ours, exact in zip(found.outputs, outputs, strict=True):
        assert_close(ours, exact)
    for name, exact in updated.items():
        assert_close(found.statistics[name], exact)
    evaluated = reference.respond(inputs, training=False)[0]
    for ours, same, exact in zip(found.evaluated, found.measured, evaluated, strict=True):
        assert_close(ours, exact)
        assert_close(same, exact)
    gradients = reference.gradients(inputs, lambda logits: float(np.sum(logits * slope)), found.scales)
    for name, exact in gradients.items():
        assert_close(found.gradient[name], exact)
    np.testing.assert_array_equal(found.finite, 0)


@pytest.mark.parametrize(("stride", "expected"), [(2, [[1, 0, 0], [0, 0, 0]]), (1, [[1, 1, 0], [0, 0, 0]])])
def test_the_first_of_equal_largest_values_gets_the_gradient(stride: int, expected: list[list[int]]) -> None:
    """As in PyTorch; the last column is left out where no window fits."""
    picture = jnp.ones((1, 2, 3, 1))
    found = jax.grad(lambda x: jnp.sum(max_pooled(x, 2, stride)))(picture)
    np.testing.assert_array_equal(found[0, :, :, 0], expected)


def test_what_is_not_finite_is_known_by_layer() -> None:
    layers = (Conv2D(filters=2, kernel=2), MaxPool(), Flatten(), PictureDense(units=2))
    rng = np.random.default_rng(1)
    tensors, _ = random_tensors(rng, Stack(layers, SHAPE, OUTPUTS))
    tensors["layers.3.weight"][0, 0] = np.inf
    found = passes(layers, tensors, {}, rng.normal(size=(2, *SHAPE)), np.ones((2, OUTPUTS)))
    assert np.isfinite(found.finite[:3]).all()
    assert not np.isfinite(found.finite[3])


def test_batch_norm_of_one_value_has_no_variance_to_speak_of() -> None:
    """n - 1 is 0: running statistics stay finite."""
    layers = (Flatten(), BatchNorm(momentum=0.5))
    stack = Stack(layers, SHAPE, OUTPUTS)
    rng = np.random.default_rng(2)
    tensors, statistics = random_tensors(rng, stack)
    found = passes(layers, tensors, statistics, rng.normal(size=(1, *SHAPE)), np.ones((1, OUTPUTS)), columns=4)
    np.testing.assert_allclose(
        found.statistics["layers.1.running_variance"], statistics["layers.1.running_variance"] / 2, rtol=1e-6
    )
    assert all(np.isfinite(values).all() for values in found.gradient.values())
