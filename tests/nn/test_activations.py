import jax
import numpy as np
import pytest

from app.nn.activations import activate_output, activate_with_slope, activation_code, output_activation_code
from app.schemas.network import ACTIVATIONS, OUTPUT_ACTIVATIONS, ActivationName, OutputActivationName
from tests.nn.reference import ACTIVATIONS as REFERENCE
from tests.nn.reference import softmax

# (units, samples), apart from every kink.
POINTS = np.linspace(-8.03, 8.05, 160).reshape(4, 40).astype(np.float32)
HUGE = np.tile(np.array([-3e38, -1e20, -1e4, -100, 100, 1e4, 1e20, 3e38], np.float32), 20).reshape(4, 40)

with_slope = jax.jit(activate_with_slope)
output = jax.jit(activate_output)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_and_slope_are_the_references(name: ActivationName) -> None:
    code = np.int32(activation_code(name))
    value, slope = with_slope(code, POINTS)
    exact = POINTS.astype(np.float64)
    np.testing.assert_allclose(value, REFERENCE[name].value(exact), rtol=3e-6, atol=1e-6)
    np.testing.assert_allclose(slope, REFERENCE[name].slope(exact), rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_finite_difference_of_the_activation(name: ActivationName) -> None:
    """The steps of single precision are too coarse to divide by, so the differences are the reference's."""
    _, slope = with_slope(np.int32(activation_code(name)), POINTS)
    value, step = REFERENCE[name].value, 1e-6
    difference = (value(POINTS + np.float64(step)) - value(POINTS - np.float64(step))) / (2 * step)
    np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_activation_of_a_finite_number_is_nan(name: ActivationName) -> None:
    value, slope = with_slope(np.int32(activation_code(name)), HUGE)
    assert np.isfinite(slope).all()
    assert not np.isnan(value).any()


@pytest.mark.parametrize(
    ("name", "at", "slope"),
    [("relu", 0, 0), ("leaky_relu", 0, 1), ("elu", 0, 1), ("softplus", 0, 0.5), ("hard_tanh", 0, 1), ("gelu", 0, 0.5)],
)
def test_slope_at_a_kink_is_the_documented_one(name: ActivationName, at: float, slope: float) -> None:
    found = with_slope(np.int32(activation_code(name)), np.full((4, 40), at, np.float32))[1]
    np.testing.assert_allclose(found, slope, rtol=1e-6)


@pytest.mark.parametrize("name", [name for name in OUTPUT_ACTIVATIONS if name != "softmax"])
def test_output_activations_are_those_of_hidden_layers(name: OutputActivationName) -> None:
    values = output(np.int32(output_activation_code(name)), POINTS)
    for found, function in zip(values, REFERENCE[name], strict=True):
        np.testing.assert_allclose(found, function(POINTS.astype(np.float64)), rtol=3e-6, atol=1e-6)


def test_softmax_goes_over_outputs_and_gives_padding_nothing() -> None:
    logits = np.random.default_rng(0).normal(0, 20, (4, 40)).astype(np.float32)
    logits[3] = -1e30
    probabilities, slope = output(np.int32(output_activation_code("softmax")), logits)
    np.testing.assert_allclose(probabilities[:3], softmax(logits[:3].T.astype(np.float64)).T, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(probabilities[3], 0)
    np.testing.assert_array_equal(slope, 1)


def test_codes_follow_the_catalogs_order() -> None:
    codes = [activation_code(name) for name in ACTIVATIONS]
    assert codes == list(range(len(ACTIVATIONS)))
    assert [output_activation_code(name) for name in OUTPUT_ACTIVATIONS] == list(range(len(OUTPUT_ACTIVATIONS)))
