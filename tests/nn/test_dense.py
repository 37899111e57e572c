from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from app.nn.activations import activation_code
from app.nn.dense import DenseLayout, DropoutKey, Inputs, Layer, backward, forward, forward_for_training, input_bucket
from app.schemas.network import ActivationName
from tests.nn.reference import Layer as ReferenceLayer
from tests.nn.reference import Network, Values

SAMPLES = 16
RNG = np.random.default_rng(11)
# Width 8 multiplies and sums, 16 uses dot.
CASES = [(DenseLayout(16, 8, 2, 1), [3, 4, 2, 1]), (DenseLayout(16, 16, 2, 16), [16, 13, 16, 12])]


def drawn(sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (RNG.normal(size=(inputs, units)).astype(np.float32), RNG.normal(size=units).astype(np.float32))
        for inputs, units in pairwise(sizes)
    ]


@pytest.mark.parametrize(("layout", "sizes"), CASES)
def test_packing_pads_with_zeros_and_unpacking_gives_back(layout: DenseLayout, sizes: list[int]) -> None:
    layers = drawn(sizes)
    flat = layout.pack(layers)
    assert flat.shape == (layout.size,)
    assert np.count_nonzero(flat) == sum(weight.size + bias.size for weight, bias in layers)
    for pair, given in zip(layout.unpack(flat, sizes), layers, strict=True):
        for found, expected in zip(pair, given, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_what_is_unpacked_may_be_changed_without_changing_the_vector() -> None:
    layout, sizes = CASES[0]
    flat = layout.pack(drawn(sizes))
    flat.flags.writeable = False  # as JAX's are
    before = flat.copy()
    for weight, bias in layout.unpack(flat, sizes):
        weight[...], bias[...] = 9, 9
    np.testing.assert_array_equal(flat, before)


@pytest.mark.parametrize("rates", [(0.0, 0.0), (0.5, 0.25)])
@pytest.mark.parametrize(("layout", "sizes"), CASES)
def test_padded_passes_are_the_references_unpadded_ones(
    layout: DenseLayout, sizes: list[int], rates: tuple[float, float]
) -> None:
    names: list[ActivationName] = ["gelu", "softplus"]  # softplus(0) is not 0
    layers = drawn(sizes)
    inputs = RNG.normal(size=(SAMPLES, sizes[0])).astype(np.float32)
    logit_gradient = RNG.normal(size=(SAMPLES, sizes[-1]))
    logits, hidden, flat_gradient, scales = _passes(layout, layers, names, inputs, logit_gradient, rates)

    exact = [ReferenceLayer(weight.astype(np.float64), bias.astype(np.float64)) for weight, bias in layers]
    network = Network(exact, names, "linear", "half_squared_error")
    expected = network.respond(inputs.astype(np.float64))[0][-1]
    np.testing.assert_allclose(logits[: sizes[-1]].T, expected, rtol=1e-4, atol=1e-5)
    for found, signal, units in zip(hidden, network.hidden(inputs.astype(np.float64)), sizes[1:], strict=False):
        np.testing.assert_allclose(found[:units].T, signal, rtol=1e-4, atol=1e-5)

    # Half squared error with targets that lie where its gradient is the given one.
    reference_scales = [scale[:units].T.astype(np.float64) for scale, units in zip(scales, sizes[1:], strict=False)]
    trained = network.respond(inputs.astype(np.float64), reference_scales)[0][-1]
    gradients = network.gradients(inputs.astype(np.float64), trained - logit_gradient, reference_scales)
    for pair, layer in zip(layout.unpack(flat_gradient, sizes), gradients, strict=True):
        for found, part in zip(pair, layer, strict=True):
            np.testing.assert_allclose(found / SAMPLES, part, rtol=1e-4, atol=1e-5)


def _passes(
    layout: DenseLayout,
    layers: list[tuple[np.ndarray, np.ndarray]],
    names: list[ActivationName],
    inputs: np.ndarray,
    logit_gradient: Values,
    rates: tuple[float, float],
) -> tuple[np.ndarray, list[np.ndarray], np.ndarray, list[np.ndarray]]:
    """Logits and hidden signals in evaluation mode; the gradient, and the dropout's scales, in training mode."""
    columns = np.zeros((layout.inputs, SAMPLES), np.float32)
    columns[: inputs.shape[1]] = inputs.T
    padded_gradient = np.zeros((layout.outputs, SAMPLES), np.float32)
    padded_gradient[: logit_gradient.shape[1]] = logit_gradient.T
    codes = np.array([activation_code(name) for name in names], np.int32)
    found = _jitted(layout, layout.pack(layers), codes, columns, padded_gradient, np.array(rates, np.float32))
    logits, hidden, gradient, fed, kept = jax.device_get(found)
    scales = [np.where(signal != 0, ratio, 0) for signal, ratio in zip(fed, kept, strict=True)]
    return logits, hidden, gradient, scales


def _run(
    layout: DenseLayout, flat: jax.Array, codes: jax.Array, inputs: jax.Array, gradient: jax.Array, rates: jax.Array
) -> tuple[object, ...]:
    layers: list[Layer] = layout.split(flat)
    fed = Inputs(inputs, jnp.int32(input_bucket(layout.inputs)))
    signals = forward(layers, codes, fed)
    key = DropoutKey(rates, jnp.uint32(4), jnp.int32(3), jnp.arange(SAMPLES))
    _, trace = forward_for_training(layers, codes, fed, key)
    kept = [1 / (1 - rates[index]) for index in range(layout.depth)]
    return signals.logits, signals.hidden, backward(layers, trace, gradient), trace.inputs[1:], kept


_jitted = jax.jit(_run, static_argnums=0)
