"""Plans of networks for pictures: shapes, names, places in the flat vector, first values, and what is refused."""

from functools import partial

import numpy as np
import pytest

from app.data.streams import stream
from app.errors import InvalidInput
from app.nn.pictures.stack import Stack
from app.schemas.network import HeInitializer, XavierInitializer
from app.schemas.picture_network import (
    LENET,
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

RNG = np.random.default_rng(3)
MIXED: tuple[PictureLayer, ...] = (
    Conv2D(filters=4, padding=1),
    BatchNorm(activation="relu"),
    Residual(filters=4),
    Residual(filters=6, stride=2),
    MaxPool(),
    LayerNorm(),
    Flatten(),
    BatchNorm(),
    PictureDense(units=5),
)


def drawn(seed: int, stack: Stack) -> np.ndarray:
    return stack.initial(HeInitializer(), partial(stream, seed))[0]


def test_shapes_are_those_of_each_layers_output() -> None:
    shapes = Stack(LENET, (1, 28, 28), 10).shapes
    assert shapes == ((6, 28, 28), (6, 14, 14), (16, 14, 14), (16, 7, 7), (784,), (84,), (10,))
    assert Stack(MIXED, (3, 9, 8), 2).shapes[3:] == ((6, 5, 4), (6, 2, 2), (6, 2, 2), (24,), (24,), (5,), (2,))
    stretched = Conv2D(filters=2, kernel=3, stride=2, padding=1, dilation=2)
    assert Stack((stretched, GlobalAveragePool()), (1, 8, 7), 3).shapes == ((2, 3, 3), (2,), (3,))
    pools = (MaxPool(size=3, stride=2), AveragePool(size=2, stride=1), Flatten())
    assert Stack(pools, (2, 8, 9), 3).shapes == ((2, 3, 4), (2, 2, 3), (12,), (3,))


def test_tensors_are_named_by_layer_and_counted() -> None:
    stack = Stack(MIXED, (3, 9, 8), 2)
    shapes = {tensor.name: tensor.shape for tensor in stack.parameters.tensors}
    assert shapes["layers.0.weight"] == (3, 3, 3, 4)
    assert shapes["layers.3.conv1.weight"] == (3, 3, 4, 6)
    assert shapes["layers.3.shortcut.weight"] == (1, 1, 4, 6)
    assert shapes["layers.9.weight"] == (5, 2)
    assert "layers.2.shortcut.weight" not in shapes
    assert stack.counts == (112, 8, 2 * (148 + 8), 222 + 12 + 330 + 12 + 30 + 12, 0, 12, 0, 48, 125, 12)
    assert stack.parameters.size == sum(stack.counts)
    statistics = {tensor.name: tensor.shape for tensor in stack.statistics.tensors}
    assert statistics["layers.3.shortcut_norm.running_variance"] == (6,)
    assert len(statistics) == 2 * (1 + 2 + 3 + 1)


def test_packing_and_unpacking_are_inverses() -> None:
    stack = Stack(MIXED, (3, 9, 8), 2)
    for layout in (stack.parameters, stack.statistics):
        named = {tensor.name: RNG.normal(size=tensor.shape).astype(np.float32) for tensor in layout.tensors}
        flat = layout.pack(named)
        flat.flags.writeable = False  # as JAX's are
        found = layout.unpack(flat)
        assert list(found) == list(named)
        for name, values in found.items():
            np.testing.assert_array_equal(values, named[name])
            values[...] = 9
        np.testing.assert_array_equal(layout.pack(named), flat)


def test_a_layers_stretch_and_the_mask_of_weights_are_those_of_its_tensors() -> None:
    stack = Stack(MIXED, (3, 9, 8), 2)
    named = {
        tensor.name: np.full(tensor.shape, tensor.layer + 0.5 * tensor.is_weight, np.float32)
        for tensor in stack.parameters.tensors
    }
    flat = stack.parameters.pack(named)
    np.testing.assert_array_equal(stack.layer_of, np.floor(flat))
    np.testing.assert_array_equal(np.bincount(stack.layer_of, minlength=len(stack.counts)), stack.counts)
    np.testing.assert_array_equal(stack.weights, flat % 1 == 0.5)
    penalised = {tensor.name for tensor in stack.parameters.tensors if tensor.is_weight}
    assert "layers.1.weight" not in penalised, "a norm's scale"
    assert {"layers.0.weight", "layers.2.conv2.weight", "layers.8.weight"} <= penalised


def test_knobs_make_no_other_plan() -> None:
    def plan(*layers: PictureLayer) -> Stack:
        return Stack(layers, (1, 8, 8), 2)

    plain = plan(Conv2D(), BatchNorm(), Dropout(rate=0.1), Residual(), Flatten())
    tuned = plan(
        Conv2D(),
        BatchNorm(momentum=0.5),
        Dropout(rate=0.7),
        Residual(momentum=0.1),
        Flatten(),
    )
    assert plain == tuned
    assert hash(plain) == hash(tuned)
    assert plain != plan(Conv2D(filters=9), BatchNorm(), Dropout(rate=0.1), Residual(), Flatten())
    assert plain != plan(Conv2D(activation="sine"), BatchNorm(), Dropout(rate=0.1), Residual(), Flatten())


def test_first_values_follow_fans_and_norms_do_nothing_yet() -> None:
    stack = Stack((Conv2D(filters=64, kernel=5), BatchNorm(), Residual(filters=64), Flatten()), (8, 12, 12), 3)
    parameters, statistics = stack.initial(HeInitializer(), partial(stream, 1))
    named = stack.parameters.unpack(parameters)
    assert named["layers.0.weight"].std() == pytest.approx(np.sqrt(2 / (25 * 8)), rel=0.05)
    assert named["layers.2.conv1.weight"].std() == pytest.approx(np.sqrt(2 / (9 * 64)), rel=0.05)
    for norm in ("layers.1", "layers.2.norm1"):
        np.testing.assert_array_equal(named[f"{norm}.weight"], 1)
        np.testing.assert_array_equal(named[f"{norm}.bias"], 0)
    for name, values in stack.statistics.unpack(statistics).items():
        np.testing.assert_array_equal(values, float(name.endswith("variance")))
    glorot = stack.parameters.unpack(stack.initial(XavierInitializer(), partial(stream, 1))[0])
    assert glorot["layers.0.weight"].std() == pytest.approx(np.sqrt(2 / (25 * (8 + 64))), rel=0.05)


def test_first_values_depend_on_seed_and_place_alone() -> None:
    short = Stack((Conv2D(), Flatten()), (1, 8, 8), 2)
    long = Stack((Conv2D(), MaxPool(), Flatten()), (1, 8, 8), 2)
    ours, theirs = (stack.parameters.unpack(drawn(5, stack)) for stack in (short, long))
    np.testing.assert_array_equal(ours["layers.0.weight"], theirs["layers.0.weight"])
    np.testing.assert_array_equal(drawn(5, short), drawn(5, short))
    assert not np.array_equal(drawn(5, short), drawn(6, short))


@pytest.mark.parametrize(
    ("layers", "path", "words"),
    [
        ((Conv2D(kernel=7), Flatten()), "layers.0", "kernel 7 does not fit into 6 × 6"),
        ((Conv2D(kernel=7, padding=0, dilation=1), Flatten()), "layers.0", "smaller kernel"),
        ((MaxPool(), MaxPool(), Conv2D(padding=0), Flatten()), "layers.2", "kernel 3 does not fit into 1 × 1"),
        ((MaxPool(), Conv2D(kernel=6, padding=1), Flatten()), "layers.1", "5 × 5 (3 × 3 with its padding)"),
        ((Conv2D(kernel=3, dilation=3), Flatten()), "layers.0", "which dilation 3 spreads over 7"),
        ((MaxPool(size=7), Flatten()), "layers.0", "a window of 7 × 7 does not fit into 6 × 6"),
        ((Flatten(), Conv2D()), "layers.1", "a convolution takes a picture"),
        ((GlobalAveragePool(), AveragePool()), "layers.1", "already is a row of 3 numbers"),
        ((Flatten(), GlobalAveragePool()), "layers.1", "global average pooling takes a picture"),
        ((Flatten(), Residual()), "layers.1", "a residual block takes a picture"),
        ((Flatten(), Flatten()), "layers.1", "remove this Flatten"),
        ((Conv2D(), PictureDense()), "layers.1", "8 maps of 4 × 4): add Flatten or Global average pooling before it"),
        ((Conv2D(),), "layers", "add Flatten or Global average pooling"),
        ((), "layers", "3 maps of 6 × 6"),
    ],
)
def test_layers_that_cannot_follow_each_other_are_refused(
    layers: tuple[PictureLayer, ...], path: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Stack(layers, (3, 6, 6), 2)
    (error,) = refused.value.errors
    assert error.path == f"network.{path}"
    assert words in error.message


def test_work_is_what_a_picture_multiplies_and_few_filters_are_as_much_as_sixteen() -> None:
    layers = (Conv2D(filters=32, kernel=5), MaxPool(), Conv2D(filters=2), Residual(filters=16), Flatten())
    stack = Stack(layers, (3, 16, 20), 40)
    first, second = 12 * 16 * 32 * 3 * 25, 4 * 6 * 16 * 32 * 9
    residual = 4 * 6 * (16 * 2 * 9 + 16 * 16 * 9 + 16 * 2)
    assert stack.work == (first, 0, second, residual, 0, 16 * 4 * 6 * 40)
