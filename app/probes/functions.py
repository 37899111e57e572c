"""Curves of the functions that a run is made of: activations with their slopes, losses, and the schedule.

They are sampled from the very functions that train (app.nn), on the host and apart from any program.
"""

from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from app.nn.activations import activate_output, activate_with_slope, activation_code, output_activation_code
from app.nn.losses import loss_code, loss_with_gradient
from app.nn.schedules import schedule_factor, schedule_knobs
from app.schemas.network import ActivationName, OutputActivationName
from app.schemas.resolve import Problem, TargetEncoding, losses_for, target_encoding
from app.schemas.training import LossName, Schedule, Training

REACH = 10.0
"""Activations are shown for pre-activations of up to this magnitude."""
SAMPLES = 201
LEAST_EPOCHS, MOST_EPOCHS = 100, 10_000_000

_FROM_LOGITS: tuple[LossName, ...] = ("binary_cross_entropy", "categorical_cross_entropy")
_TARGETS: dict[TargetEncoding, tuple[float, ...]] = {
    "value": (0.0,),
    "sign": (1.0, -1.0),
    "sign_one_hot": (1.0, -1.0),
    "zero_one": (1.0, 0.0),
    "one_hot": (1.0, 0.0),
}

_activate_with_slope = jax.jit(activate_with_slope)
_activate_output = jax.jit(activate_output)
_loss_with_gradient = jax.jit(loss_with_gradient)
_schedule_factors = jax.jit(jax.vmap(schedule_factor, in_axes=(None, 0)))


@dataclass(frozen=True)
class ActivationCurve:
    """An activation over pre-activations."""

    x: list[float]
    value: list[float]
    derivative: list[float]


@dataclass(frozen=True)
class LossCurves:
    """The losses that can be compared with the run's, over one output of the network, for each target."""

    name: LossName
    """The run's own."""
    targets: tuple[float, ...]
    """What the output should be. For a regression 0, so that the output is the error."""
    x: list[float]
    """Outputs."""
    curves: dict[LossName, list[list[float]]]
    """By loss, a curve for each target."""


@dataclass(frozen=True)
class ScheduleCurve:
    """The learning rate during each epoch shown."""

    epoch: list[int]
    learning_rate: list[float]


@cache
def activation_curve(name: ActivationName) -> ActivationCurve:
    """A hidden layer's activation, and its derivative."""
    x = np.linspace(-REACH, REACH, SAMPLES, dtype=np.float32)
    value, slope = _activate_with_slope(np.int32(activation_code(name)), x[None])
    return ActivationCurve(_listed(x), _listed(value[0]), _listed(slope[0]))


def output_activation_curve(name: OutputActivationName, outputs: int) -> ActivationCurve:
    """The output layer's activation. Softmax is that of one logit while all others are 0."""
    if name != "softmax":
        return activation_curve(name)
    x = np.linspace(-REACH, REACH, SAMPLES, dtype=np.float32)

    def first(logit: jax.Array) -> jax.Array:
        logits = jnp.concatenate([logit[None], jnp.zeros((outputs - 1, SAMPLES))])
        return _activate_output(np.int32(output_activation_code("softmax")), logits)[0][0]

    value, slope = jax.jvp(first, (jnp.asarray(x),), (jnp.ones(SAMPLES),))
    return ActivationCurve(_listed(x), _listed(value), _listed(slope))


@cache
def loss_curves(loss: LossName, problem: Problem) -> LossCurves:
    """The run's loss among those that fit its task and its encoding of targets."""
    encoding = target_encoding(loss, problem)
    targets = _TARGETS[encoding]
    x = _outputs_shown(loss, encoding)
    comparable: list[LossName] = [name for name in losses_for(problem) if _comparable(name, loss, encoding)]
    curves: dict[LossName, list[list[float]]] = {
        name: [_listed(_losses(name, x, target)) for target in targets] for name in comparable
    }
    return LossCurves(loss, targets, _listed(x), curves)


def schedule_curve(training: Training, epochs: int) -> ScheduleCurve:
    """The learning rate over at least `epochs` epochs, and over as many as show what the schedule does."""
    horizon = min(max(epochs, _telling_epochs(training.schedule)), MOST_EPOCHS)
    shown = np.unique(np.linspace(0, horizon, SAMPLES).astype(np.int32))
    padded = np.pad(shown, (0, SAMPLES - len(shown)), mode="edge")  # one shape, one compile
    factors = np.asarray(_schedule_factors(schedule_knobs(training.schedule), padded))[: len(shown)]
    return ScheduleCurve(shown.tolist(), (factors.astype(np.float64) * training.optimizer.learning_rate).tolist())


def _telling_epochs(schedule: Schedule) -> int:
    match schedule.kind:
        case "step":
            telling = 5 * schedule.every
        case "exponential":
            telling = round(np.log(0.01) / np.log(schedule.gamma)) if schedule.gamma < 1 else 0
        case "cosine":
            telling = round(1.2 * schedule.epochs)
        case "warm_up":
            telling = 3 * schedule.epochs
        case "constant":
            telling = 0
    return max(telling, LEAST_EPOCHS)


def _outputs_shown(loss: LossName, encoding: TargetEncoding) -> np.ndarray:
    if loss in _FROM_LOGITS:  # a probability; its logit is infinite at 0 and 1
        return np.linspace(0.005, 0.995, SAMPLES)
    reach = {"value": (-3.0, 3.0), "sign": (-2.5, 2.5), "sign_one_hot": (-2.5, 2.5)}.get(encoding, (-0.5, 1.5))
    return np.linspace(*reach, SAMPLES)


def _comparable(name: LossName, loss: LossName, encoding: TargetEncoding) -> bool:
    """Whether a loss makes sense of the run's outputs and targets; cross-entropies want a probability."""
    if name == "hinge":
        return encoding in ("sign", "sign_one_hot")
    return name == loss or name not in _FROM_LOGITS


def _losses(name: LossName, outputs: np.ndarray, target: float) -> jax.Array:
    """The loss of one output at each of `outputs`; cross-entropies take it as a probability."""
    if name in _FROM_LOGITS:
        logits, targets = np.log(outputs / (1 - outputs))[None], np.full((1, SAMPLES), target)
        if name == "categorical_cross_entropy":  # two classes, the other one's logit is 0
            logits, targets = np.concatenate([logits, 0 * logits]), np.concatenate([targets, 1 - targets])
        activation: OutputActivationName = "softmax" if name == "categorical_cross_entropy" else "sigmoid"
    else:
        logits, targets, activation = outputs[None], np.full((1, SAMPLES), target), "linear"
    codes = np.int32(loss_code(name)), np.int32(output_activation_code(activation))
    real = np.ones(len(logits), np.bool_)
    return _loss_with_gradient(*codes, logits.astype(np.float32), targets.astype(np.float32), real)[0]


def _listed(values: np.ndarray | jax.Array) -> list[float]:
    return np.round(np.asarray(values, np.float64), 6).tolist()
