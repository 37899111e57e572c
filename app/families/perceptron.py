"""The perceptron (Rosenblatt 1958): threshold units, one for two classes and else one for each class against the rest.

It learns by mistakes: a unit that answers a sample wrongly moves its weights by learning rate · target · input. There
is no loss that this descends and no gradient. Its `loss` is the 0–1 loss: the share of units' answers that are wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float, Int, UInt

from app.data.streams import stream
from app.families.base import Batch, Clock, PlaneSetup, Samples
from app.families.padding import INPUTS, OUTPUTS, ROWS, bucket, padded_samples
from app.families.plane import PlaneFamily, Response
from app.nn.health import Health
from app.nn.host import host, integer, real
from app.nn.initializers import draw_layer
from app.schemas.finding import FindingCode
from app.schemas.frame import FRAME_PARTS, PICTURE_PARTS
from app.schemas.graph import Graph, GraphLayer
from app.schemas.resolve import Problem

_WEIGHT, _BIAS = "layers.0.weight", "layers.0.bias"
_HALF_WORD = 65_536
"""Sums travel in single precision, which holds whole numbers up to 2²⁴ only: a count is sent in two halves."""


@dataclass(frozen=True)
class PerceptronSignature:
    """Buckets of sizes; everything else is a knob."""

    outputs: int
    rows: int

    def describe(self) -> str:
        """In words, for whoever waits for the compile."""
        return "a perceptron" if self.outputs == 1 else "a perceptron for each class"


class PerceptronLearner(NamedTuple):
    """What training changes."""

    weight: Float[Array, "outputs inputs"]
    bias: Float[Array, " outputs"]
    mistakes: UInt[Array, ""]
    """Corrections of a unit so far."""
    mistaken: Int[Array, ""]
    """The row of the last sample that was answered wrongly; -1 before the first."""


class PerceptronKnobs(NamedTuple):
    """What may change without compiling again."""

    learning_rate: Float[Array, ""]
    real_outputs: Bool[Array, " outputs"]


class Perceptron(PlaneFamily[PerceptronSignature, PerceptronLearner, PerceptronKnobs]):
    """The family; app.families.base says what each method does."""

    name = "perceptron"
    title = "Perceptron"
    probes = frozenset(FRAME_PARTS) - PICTURE_PARTS - {"gradients", "gradient_histograms", "gradient_norms"}
    findings: frozenset[FindingCode] = frozenset({"not_separable", "unscaled_features"})
    compiler_options: Mapping[str, bool] = {}

    def signature(self, setup: PlaneSetup) -> PerceptronSignature:
        rows, outputs = setup.prepared.targets.shape
        return PerceptronSignature(bucket(outputs, OUTPUTS), bucket(rows, ROWS))

    def samples(self, setup: PlaneSetup) -> Samples:
        signature = self.signature(setup)
        return padded_samples(setup.prepared, signature.rows, signature.outputs)

    def init(self, setup: PlaneSetup) -> PerceptronLearner:
        experiment, (inputs, outputs) = setup.experiment, _sizes(setup)
        weight, bias = draw_layer(experiment.network.init, inputs, outputs, stream(experiment.seed, "init.0"))
        weight, bias = self._padded(setup, weight, bias)
        return PerceptronLearner(host(weight), host(bias), host(np.uint32(0)), integer(-1))

    def retuned(self, old: PlaneSetup, new: PlaneSetup, learner: PerceptronLearner) -> PerceptronLearner:
        del old, new
        return learner

    def knobs(self, setup: PlaneSetup) -> PerceptronKnobs:
        units = np.arange(self.signature(setup).outputs)
        return PerceptronKnobs(
            real(setup.experiment.training.optimizer.learning_rate), host(units < setup.prepared.targets.shape[1])
        )

    def update(
        self,
        signature: PerceptronSignature,
        learner: PerceptronLearner,
        samples: Samples,
        batch: Batch,
        knobs: PerceptronKnobs,
        clock: Clock,
    ) -> tuple[PerceptronLearner, Health]:
        """One sample. Each unit that puts it on the wrong side, or on its line, is corrected."""
        del signature, clock
        row = batch.rows(0, 1)[0]
        inputs, targets = samples.inputs[row], samples.targets[row]
        scores = _scores(learner, inputs[:, None])[:, 0]
        wrong = (targets * scores <= 0) & knobs.real_outputs
        correction = jnp.where(wrong, knobs.learning_rate * targets, 0)
        weight = learner.weight + correction[:, None] * inputs
        bias = learner.bias + correction
        health = Health(jnp.sum(scores * 0)[None], (jnp.sum(weight * 0) + jnp.sum(bias * 0))[None])
        mistakes = learner.mistakes + jnp.sum(wrong, dtype=jnp.uint32)
        return PerceptronLearner(weight, bias, mistakes, jnp.where(jnp.any(wrong), row, learner.mistaken)), health

    def measure(
        self, signature: PerceptronSignature, learner: PerceptronLearner, samples: Samples, knobs: PerceptronKnobs
    ) -> Array:
        """For each part: 0–1 losses, samples answered rightly, and the mistakes so far in two halves."""
        del signature
        scores, targets = _scores(learner, samples.inputs.T), samples.targets.T
        wrong = jnp.sum((targets * scores <= 0) & knobs.real_outputs[:, None], axis=0)
        decisions = _decisions(scores, knobs.real_outputs)
        right = jnp.all((decisions == targets) | ~knobs.real_outputs[:, None], axis=0)
        of_part = samples.part == jnp.arange(3)[:, None]
        sums = [jnp.sum(jnp.where(of_part, each, 0), axis=1).astype(jnp.float32) for each in (wrong, right)]
        sums[0] = sums[0] / jnp.sum(knobs.real_outputs)
        halves = jnp.stack([learner.mistakes % _HALF_WORD, learner.mistakes // _HALF_WORD]).astype(jnp.float32)
        return jnp.concatenate([jnp.stack(sums, axis=1), jnp.broadcast_to(halves, (3, 2))], axis=1)

    def respond(
        self, signature: PerceptronSignature, learner: PerceptronLearner, knobs: PerceptronKnobs, inputs: Array
    ) -> Response:
        """Outputs are decisions: +1 or −1, and +1 for the one unit with the largest score where there are several."""
        del signature
        scores = _scores(learner, inputs)
        return Response(_decisions(scores, knobs.real_outputs), [], [scores])

    def metric_names(self, problem: Problem) -> tuple[str, ...]:
        """The same for every task: it solves one kind alone."""
        del problem
        return ("loss", "accuracy", "mistakes")

    def metrics(self, setup: PlaneSetup, sums: np.ndarray) -> np.ndarray:
        """Mistakes are made on training samples alone."""
        counts = np.array(setup.prepared.counts, np.float64)
        wrong, right, low, high = np.moveaxis(sums.astype(np.float64), 2, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = wrong / counts, right / counts
        mistakes = low + _HALF_WORD * high
        mistakes[:, 1:] = np.nan
        return np.stack([*shares, mistakes], axis=2)

    def tensors(self, setup: PlaneSetup, learner: PerceptronLearner) -> dict[str, np.ndarray]:
        inputs, outputs = _sizes(setup)
        weight, bias = np.array(learner.weight), np.array(learner.bias)
        return {_WEIGHT: weight[:outputs, :inputs].T.copy(), _BIAS: bias[:outputs]}

    def gradients(self, setup: PlaneSetup, learner: PerceptronLearner) -> dict[str, np.ndarray]:
        del setup, learner
        return {}

    def last_mistake(self, learner: PerceptronLearner) -> int | None:
        row = int(learner.mistaken)
        return row if row >= 0 else None

    def load(
        self, setup: PlaneSetup, learner: PerceptronLearner, tensors: Mapping[str, np.ndarray]
    ) -> PerceptronLearner:
        weight, bias = self._padded(setup, tensors[_WEIGHT], tensors[_BIAS])
        return learner._replace(weight=host(weight), bias=host(bias))

    def graph(self, setup: PlaneSetup) -> Graph:
        inputs, outputs = _sizes(setup)
        layer = GraphLayer(
            kind="dense",
            inputs=inputs,
            units=outputs,
            activation="step",
            parameters=(inputs + 1) * outputs,
            work=inputs * outputs,
        )
        return Graph(features=setup.experiment.data.features, layers=(layer,))

    def _padded(self, setup: PlaneSetup, weight: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of shapes (inputs, units) and (units,), as the learner holds them."""
        units = self.signature(setup).outputs
        padded_weight, padded_bias = np.zeros((units, INPUTS), np.float32), np.zeros(units, np.float32)
        padded_weight[: weight.shape[1], : weight.shape[0]] = weight.T
        padded_bias[: bias.size] = bias
        return padded_weight, padded_bias


def _sizes(setup: PlaneSetup) -> tuple[int, int]:
    """True sizes: features, outputs."""
    return setup.prepared.inputs.shape[1], setup.prepared.targets.shape[1]


def _scores(learner: PerceptronLearner, inputs: Float[Array, "inputs samples"]) -> Float[Array, "outputs samples"]:
    """w·x + b of each unit, added up input by input."""
    total = jnp.zeros((learner.bias.shape[0], inputs.shape[1])) + learner.bias[:, None]
    for index in range(INPUTS):
        total = total + learner.weight[:, index, None] * inputs[index]
    return total


def _decisions(
    scores: Float[Array, "outputs samples"], real_outputs: Bool[Array, " outputs"]
) -> Float[Array, "outputs samples"]:
    """±1: the step function of a single unit, and of several the one with the largest score."""
    if scores.shape[0] == 1:
        return jnp.where(scores >= 0, 1.0, -1.0)
    chosen = jnp.argmax(jnp.where(real_outputs[:, None], scores, -jnp.inf), axis=0)
    return jnp.where(jnp.arange(scores.shape[0])[:, None] == chosen, 1.0, -1.0)
