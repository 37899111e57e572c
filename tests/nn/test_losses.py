import jax
import numpy as np
import pytest

from app.nn.activations import output_activation_code
from app.nn.losses import loss_code, loss_with_gradient
from app.schemas.network import OutputActivationName
from app.schemas.training import LOSSES, LossName
from tests.nn.reference import Values, loss_gradients, losses, output_of

computed = jax.jit(loss_with_gradient)
SAMPLES = 16
PADDED = 8

SQUARED: tuple[LossName, ...] = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")
CASES: list[tuple[LossName, OutputActivationName]] = [
    *((loss, activation) for loss in (*SQUARED, "hinge") for activation in ("linear", "tanh", "sigmoid")),
    ("binary_cross_entropy", "sigmoid"),
    ("categorical_cross_entropy", "softmax"),
]


def targets_for(loss: LossName, outputs: int) -> Values:
    """In the loss's encoding: (samples, outputs)."""
    classes = np.arange(SAMPLES) % max(2, outputs)
    if loss == "binary_cross_entropy":
        return np.tile(classes[:, None] % 2, outputs).astype(np.float64)
    one_hot = (classes[:, None] == np.arange(outputs)).astype(np.float64)
    return one_hot if loss == "categorical_cross_entropy" else 2 * one_hot - 1


def loss_of(
    loss: LossName, activation: OutputActivationName, logits: Values, targets: Values, padded: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a program of `padded` outputs makes of unpadded arrays (samples, outputs); padding holds rubbish."""
    outputs = logits.shape[1]
    rows = np.full((2, padded, len(logits)), 7.0, np.float32)
    rows[0, :outputs], rows[1, :outputs] = logits.T, targets.T
    codes = np.int32(loss_code(loss)), np.int32(output_activation_code(activation))
    value, gradient, answers = computed(*codes, *rows, np.arange(padded) < outputs)
    return np.asarray(value), np.asarray(gradient), np.asarray(answers)


@pytest.mark.parametrize(("outputs", "padded"), [(1, 1), (2, PADDED), (5, PADDED), (8, PADDED)])
@pytest.mark.parametrize(("loss", "activation"), [case for case in CASES if case[0] != "categorical_cross_entropy"])
def test_loss_gradient_and_outputs_are_the_references(
    loss: LossName, activation: OutputActivationName, outputs: int, padded: int
) -> None:
    logits = np.random.default_rng(outputs).normal(0, 2, (SAMPLES, outputs))
    targets = targets_for(loss, outputs)
    value, gradient, answers = loss_of(loss, activation, logits, targets, padded)
    np.testing.assert_allclose(value, losses(loss, activation, logits, targets), rtol=1e-5, atol=1e-6)
    expected = loss_gradients(loss, activation, logits, targets)
    np.testing.assert_allclose(gradient[:outputs].T, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(answers[:outputs].T, output_of(activation, logits), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(gradient[outputs:], 0)


@pytest.mark.parametrize("outputs", [2, 5, 8])
def test_categorical_cross_entropy_has_an_output_for_each_class(outputs: int) -> None:
    test_loss_gradient_and_outputs_are_the_references("categorical_cross_entropy", "softmax", outputs, PADDED)


@pytest.mark.parametrize("size", [100.0, 1e4, 1e8])
@pytest.mark.parametrize(
    ("loss", "activation", "padded"),
    [("binary_cross_entropy", "sigmoid", 1), ("categorical_cross_entropy", "softmax", PADDED)],
)
def test_cross_entropies_of_sure_networks_are_finite(
    loss: LossName, activation: OutputActivationName, padded: int, size: float
) -> None:
    """Sure and right costs nothing, sure and wrong costs the logit."""
    outputs = 1 if padded == 1 else 2
    targets = targets_for(loss, outputs)
    signs = 2 * targets - 1
    right, gradient, _ = loss_of(loss, activation, size * signs, targets, padded)
    np.testing.assert_allclose(right, 0, atol=1e-20)
    np.testing.assert_allclose(gradient, 0, atol=1e-20)
    wrong, gradient, _ = loss_of(loss, activation, -size * signs, targets, padded)
    np.testing.assert_allclose(wrong, size * outputs, rtol=1e-6)
    np.testing.assert_allclose(np.abs(gradient[:outputs]), 1, rtol=1e-6)


def test_every_loss_is_judged() -> None:
    of_boxes: LossName = "cross_entropy_and_smooth_l1"  # in test_detection.py
    assert {loss for loss, _ in CASES} | {of_boxes} == set(LOSSES)
