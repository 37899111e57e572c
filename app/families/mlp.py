"""The multilayer perceptron: one padded program for every choice a visitor can make within a bucket of sizes."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float, Int, UInt

from app.data.streams import stream
from app.families.base import Batch, Clock, PlaneSetup, Samples
from app.families.padding import INPUTS, OUTPUTS, ROWS, balanced, bucket, padded_samples
from app.families.plane import PlaneFamily, Response
from app.nn.activations import activation_code, output_activation_code
from app.nn.dense import (
    DenseLayout,
    DropoutKey,
    Inputs,
    backward,
    forward,
    forward_for_training,
    input_bucket,
)
from app.nn.gradients import GradientKnobs, gradient_knobs, penalised_and_clipped
from app.nn.health import Health
from app.nn.host import host, integer, real
from app.nn.initializers import draw_layer
from app.nn.losses import loss_code, loss_with_gradient
from app.nn.metrics import SUMS, metric_names, metrics_from_sums, sample_sums, spread
from app.nn.optimizers import OptimizerKnobs, Slots, initial_slots, optimizer_knobs, update
from app.nn.schedules import ScheduleKnobs, schedule_factor, schedule_knobs
from app.schemas.finding import FINDINGS
from app.schemas.frame import FRAME_PARTS, PICTURE_PARTS
from app.schemas.graph import Graph, GraphLayer
from app.schemas.resolve import Problem, target_encoding

WIDTHS = (8, 16, 32, 64)
CHUNK = 16
"""Samples that go through the network at once; larger chunks leave XLA's small loop."""


@dataclass(frozen=True)
class MlpSignature:
    """Buckets of sizes; everything else is a knob."""

    depth: int
    width: int
    outputs: int
    rows: int

    @cached_property
    def layout(self) -> DenseLayout:
        """Where parameters lie."""
        return DenseLayout(INPUTS, self.width, self.depth, self.outputs)

    def describe(self) -> str:
        """In words, for whoever waits for the compile."""
        layers = f"{self.depth} hidden layer{'' if self.depth == 1 else 's'} of up to {self.width} neurons"
        return f"a network of {layers}" if self.depth else "a network without hidden layers"


class MlpLearner(NamedTuple):
    """What training changes."""

    parameters: Float[Array, " parameters"]
    gradient: Float[Array, " parameters"]
    """What the optimiser last saw: of the objective, penalty included, clipped."""
    slots: Slots


class MlpKnobs(NamedTuple):
    """Everything that may change without compiling again."""

    input_bucket: Int[Array, ""]
    activations: Int[Array, " depth"]
    dropout: Float[Array, " depth"]
    loss: Int[Array, ""]
    output_activation: Int[Array, ""]
    threshold: Float[Array, ""]
    """The single output from which on a sample counts as the positive class."""
    optimizer: OptimizerKnobs
    schedule: ScheduleKnobs
    gradient: GradientKnobs
    real: Bool[Array, " parameters"]
    """False for padding."""
    weights: Bool[Array, " parameters"]
    """True for weights, on which penalties and decay act."""
    real_outputs: Bool[Array, " outputs"]
    seed: UInt[Array, ""]


class Mlp(PlaneFamily[MlpSignature, MlpLearner, MlpKnobs]):
    """The family; app.families.base says what each method does."""

    name = "mlp"
    title = "Multilayer perceptron"
    probes = frozenset(FRAME_PARTS) - PICTURE_PARTS - {"separator"}
    findings = frozenset(FINDINGS) - {"not_separable"}
    compiler_options: Mapping[str, bool] = {}

    def signature(self, setup: PlaneSetup) -> MlpSignature:
        layers = setup.experiment.network.layers
        rows, outputs = setup.prepared.targets.shape
        return MlpSignature(
            depth=len(layers),
            width=bucket(max((layer.units for layer in layers), default=1), WIDTHS),
            outputs=bucket(outputs, OUTPUTS),
            rows=bucket(rows, ROWS),
        )

    def samples(self, setup: PlaneSetup) -> Samples:
        signature = self.signature(setup)
        samples = padded_samples(setup.prepared, signature.rows, signature.outputs)
        if not setup.experiment.training.balance_classes or setup.problem.task != "classification":
            return samples
        train, weight = setup.prepared.counts[0], np.ones(signature.rows, np.float32)
        weight[:train] = balanced(setup.prepared.labels[:train])
        return samples._replace(weight=host(weight))

    def init(self, setup: PlaneSetup) -> MlpLearner:
        sizes, seed = _sizes(setup), setup.experiment.seed
        drawn = [
            draw_layer(setup.experiment.network.init, inputs, units, stream(seed, f"init.{layer}"))
            for layer, (inputs, units) in enumerate(pairwise(sizes))
        ]
        parameters = self.signature(setup).layout.pack(drawn)
        slots = initial_slots(setup.experiment.training.optimizer, parameters.size)
        return MlpLearner(host(parameters), host(np.zeros_like(parameters)), slots)

    def retuned(self, old: PlaneSetup, new: PlaneSetup, learner: MlpLearner) -> MlpLearner:
        optimizer = new.experiment.training.optimizer
        if optimizer.kind == old.experiment.training.optimizer.kind:
            return learner
        return learner._replace(slots=initial_slots(optimizer, learner.parameters.size))

    def knobs(self, setup: PlaneSetup) -> MlpKnobs:
        experiment, training = setup.experiment, setup.experiment.training
        layers, output_activation = experiment.network.layers, experiment.network.output_activation
        assert training.loss is not None, "the Experiment must be resolved"
        assert output_activation is not None, "the Experiment must be resolved"
        layout, sizes = self.signature(setup).layout, _sizes(setup)
        ones = [(np.ones((inputs, units)), np.ones(units)) for inputs, units in pairwise(sizes)]
        weights = [(weight, np.zeros_like(bias)) for weight, bias in ones]
        zero_one = target_encoding(training.loss, setup.problem) == "zero_one"
        return MlpKnobs(
            input_bucket=integer(input_bucket(sizes[0])),
            activations=host(np.array([activation_code(layer.activation) for layer in layers], np.int32)),
            dropout=host(np.array([layer.dropout for layer in layers], np.float32)),
            loss=integer(loss_code(training.loss)),
            output_activation=integer(output_activation_code(output_activation)),
            threshold=real(0.5 if zero_one else 0.0),
            optimizer=optimizer_knobs(training.optimizer),
            schedule=schedule_knobs(training.schedule),
            gradient=gradient_knobs(training.regularization, training.clipping),
            real=host(layout.pack(ones, np.bool_)),
            weights=host(layout.pack(weights, np.bool_)),
            real_outputs=host(np.arange(layout.outputs) < sizes[-1]),
            seed=host(np.uint32(zlib.crc32(f"{experiment.seed}.dropout".encode()))),
        )

    def update(
        self,
        signature: MlpSignature,
        learner: MlpLearner,
        samples: Samples,
        batch: Batch,
        knobs: MlpKnobs,
        clock: Clock,
    ) -> tuple[MlpLearner, Health]:
        layout = signature.layout
        layers = layout.split(learner.parameters)

        def add_chunk(chunk: Array, sums: tuple[Array, Array]) -> tuple[Array, Array]:
            columns = chunk * CHUNK + jnp.arange(CHUNK)
            rows = batch.rows(chunk * CHUNK, CHUNK)
            dropout = DropoutKey(knobs.dropout, knobs.seed, clock.step, columns)
            inputs = Inputs(samples.inputs[rows].T, knobs.input_bucket)
            logits, trace = forward_for_training(layers, knobs.activations, inputs, dropout)
            targets = samples.targets[rows].T
            _, slope, _ = loss_with_gradient(knobs.loss, knobs.output_activation, logits, targets, knobs.real_outputs)
            slope = jnp.where(columns < batch.size, slope * samples.weight[rows], 0)
            return sums[0] + backward(layers, trace, slope), sums[1] + jnp.stack(trace.finite)

        start = (jnp.zeros(layout.size), jnp.zeros(len(layers)))
        chunks = (batch.size + CHUNK - 1) // CHUNK
        total, forward_health = lax.fori_loop(0, chunks, add_chunk, start)
        gradient = jnp.where(knobs.real, total / batch.size, 0)
        gradient = penalised_and_clipped(gradient, learner.parameters, knobs.gradient, knobs.weights)
        rate = knobs.optimizer.learning_rate * schedule_factor(knobs.schedule, clock.epoch)
        change, slots = update(
            gradient,
            learner.parameters,
            learner.slots,
            knobs.optimizer._replace(learning_rate=rate),
            knobs.weights,
        )
        parameters = learner.parameters + change
        # Squared, because moments hold squares: an infinite one would hold its parameter still for good, unnoticed.
        backward_health = jnp.stack([jnp.sum(part * 0) for part in layout.by_layer(gradient**2 + parameters)])
        return MlpLearner(parameters, gradient, slots), Health(forward_health, backward_health)

    def measure(self, signature: MlpSignature, learner: MlpLearner, samples: Samples, knobs: MlpKnobs) -> Array:
        layers = signature.layout.split(learner.parameters)

        def add_chunk(chunk: Array, sums: Array) -> Array:
            start = chunk * CHUNK
            inputs = lax.dynamic_slice_in_dim(samples.inputs, start, CHUNK)
            targets = lax.dynamic_slice_in_dim(samples.targets, start, CHUNK).T
            part = lax.dynamic_slice_in_dim(samples.part, start, CHUNK)
            signals = forward(layers, knobs.activations, Inputs(inputs.T, knobs.input_bucket))
            loss, _, outputs = loss_with_gradient(
                knobs.loss, knobs.output_activation, signals.logits, targets, knobs.real_outputs
            )
            per_sample = sample_sums(loss, outputs, targets, knobs.real_outputs, knobs.threshold)
            return sums + jnp.where(part == jnp.arange(3)[:, None, None], per_sample, 0)

        # Lane by lane, and across lanes only once at the end.
        lanes = lax.fori_loop(0, signature.rows // CHUNK, add_chunk, jnp.zeros((3, SUMS, CHUNK)))
        return jnp.sum(lanes, axis=2)

    def respond(self, signature: MlpSignature, learner: MlpLearner, knobs: MlpKnobs, inputs: Array) -> Response:
        layers = signature.layout.split(learner.parameters)
        signals = forward(layers, knobs.activations, Inputs(inputs, knobs.input_bucket))
        no_targets = jnp.zeros_like(signals.logits)
        _, _, outputs = loss_with_gradient(
            knobs.loss, knobs.output_activation, signals.logits, no_targets, knobs.real_outputs
        )
        return Response(outputs, signals.hidden, signals.pre_activations)

    def metric_names(self, problem: Problem) -> tuple[str, ...]:
        return metric_names(problem)

    def metrics(self, setup: PlaneSetup, sums: np.ndarray) -> np.ndarray:
        counts, spreads = setup.prepared.counts, list[float]()
        if setup.problem.task == "regression":
            spreads = [spread(part) for part in np.split(setup.prepared.targets, np.cumsum(counts)[:-1])]
        return metrics_from_sums(setup.problem, sums, counts, spreads)

    def tensors(self, setup: PlaneSetup, learner: MlpLearner) -> dict[str, np.ndarray]:
        return self._named(setup, np.asarray(learner.parameters))

    def gradients(self, setup: PlaneSetup, learner: MlpLearner) -> dict[str, np.ndarray]:
        return self._named(setup, np.asarray(learner.gradient))

    def last_mistake(self, learner: MlpLearner) -> None:
        del learner

    def load(self, setup: PlaneSetup, learner: MlpLearner, tensors: Mapping[str, np.ndarray]) -> MlpLearner:
        count = len(setup.experiment.network.layers) + 1
        pairs = [(tensors[f"layers.{layer}.weight"], tensors[f"layers.{layer}.bias"]) for layer in range(count)]
        return learner._replace(parameters=host(self.signature(setup).layout.pack(pairs)))

    def graph(self, setup: PlaneSetup) -> Graph:
        network, sizes = setup.experiment.network, _sizes(setup)
        activations = [*(layer.activation for layer in network.layers), str(network.output_activation)]
        layers = tuple(
            GraphLayer(
                kind="dense",
                inputs=inputs,
                units=units,
                activation=activation,
                parameters=(inputs + 1) * units,
                work=inputs * units,
            )
            for inputs, units, activation in zip(sizes, sizes[1:], activations, strict=False)
        )
        return Graph(features=setup.experiment.data.features, layers=layers)

    def _named(self, setup: PlaneSetup, flat: np.ndarray) -> dict[str, np.ndarray]:
        named: dict[str, np.ndarray] = {}
        for layer, (weight, bias) in enumerate(self.signature(setup).layout.unpack(flat, _sizes(setup))):
            named[f"layers.{layer}.weight"], named[f"layers.{layer}.bias"] = weight, bias
        return named


def _sizes(setup: PlaneSetup) -> list[int]:
    """True sizes: features, hidden layers, outputs."""
    layers = setup.experiment.network.layers
    return [setup.prepared.inputs.shape[1], *(layer.units for layer in layers), setup.prepared.targets.shape[1]]
