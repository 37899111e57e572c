"""Runs a network for pictures in training and in evaluation mode, with everything as the reference has it:
samples first, tensors by name.
"""

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from app.nn.dropout import dropout_scale
from app.nn.pictures import COMPILER_OPTIONS
from app.nn.pictures.forward import Training, forward, forward_for_training, layer_knobs
from app.nn.pictures.stack import Named, Stack
from app.schemas.picture_network import Dropout, PictureLayer

SEED, STEP = np.uint32(4), np.int32(3)


@dataclass
class Passes:
    """What was found; `pre_activations`, `outputs`, `finite` and `evaluated` are by layer, the output layer last."""

    pre_activations: list[np.ndarray]
    outputs: list[np.ndarray]
    finite: np.ndarray
    statistics: Named
    gradient: Named
    evaluated: list[np.ndarray]
    """Pre-activations in evaluation mode."""
    measured: list[np.ndarray]
    """Likewise, by the code for training."""
    scales: dict[int, np.ndarray]
    """What dropout layers multiplied by."""


def passes(
    layers: tuple[PictureLayer, ...],
    tensors: Named,
    statistics: Named,
    inputs: np.ndarray,
    slope: np.ndarray,
    *,
    columns: int | None = None,
) -> Passes:
    """For `inputs` (samples, channels, height, width), and the loss's gradient `slope` (samples, outputs) with respect
    to the logits; `columns` is how many the program has, which repeat the first sample behind the real ones."""
    count = len(inputs)
    columns = columns or count
    stack = Stack(layers, inputs.shape[1:], slope.shape[1])
    rows = np.concatenate([inputs, np.repeat(inputs[:1], columns - count, axis=0)]).reshape(columns, -1)
    slopes = np.concatenate([slope, np.zeros((columns - count, slope.shape[1]))])
    trained, finite, gradient, evaluated, measured = jax.device_get(
        _jitted(
            layers,
            stack,
            stack.parameters.pack(tensors),
            stack.statistics.pack(statistics),
            rows.T.astype(np.float32),
            slopes.T.astype(np.float32),
            np.arange(columns) < count,
        )
    )

    def first(values: np.ndarray) -> np.ndarray:
        return np.moveaxis(values, -1, 0)[:count]

    return Passes(
        [first(values) for values in trained.pre_activations],
        [first(values) for values in trained.outputs],
        finite,
        stack.statistics.unpack(trained.statistics),
        stack.parameters.unpack(gradient),
        [first(values) for values in evaluated.pre_activations],
        [first(values) for values in measured.pre_activations],
        {
            index: first(_scale(np.float32(layer.rate), index, int(np.prod(stack.shapes[index])), columns))
            for index, layer in enumerate(layers)
            if isinstance(layer, Dropout)
        },
    )


def _scale(rate: np.float32, index: int, values: int, columns: int) -> np.ndarray:
    return np.asarray(
        dropout_scale(jnp.float32(rate), jnp.uint32(SEED), jnp.int32(STEP), index, values, jnp.arange(columns))
    )


@partial(jax.jit, static_argnums=(0, 1), compiler_options=dict(COMPILER_OPTIONS))
def _jitted(
    layers: tuple[PictureLayer, ...],
    stack: Stack,
    parameters: Array,
    statistics: Array,
    inputs: Array,
    slope: Array,
    real: Array,
) -> object:
    # Constants here, so that XLA compiles one activation of each layer instead of all.
    knobs = jax.tree.map(jnp.asarray, layer_knobs(layers))
    training = Training(real, jnp.uint32(SEED), jnp.int32(STEP), jnp.arange(len(real)), jnp.bool_(0))
    trained, gradient = forward_for_training(stack, parameters, statistics, knobs, inputs, training)
    measured = forward(stack, parameters, statistics, knobs, inputs, training._replace(measuring=jnp.bool_(1)))
    evaluated = forward(stack, parameters, statistics, knobs, inputs)
    return trained, trained.finite(stack.counts), gradient(slope), evaluated, measured
