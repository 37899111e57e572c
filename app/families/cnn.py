"""The convolutional network: a program compiled for exactly its layers and pictures; what else there is are knobs."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float, Int, UInt

from app.data.streams import stream
from app.families.base import PADDING_PART, Batch, Clock, PictureSetup, Samples
from app.families.padding import balanced, bucket
from app.families.pictures import PictureFamily, by_part, chunks_of, picture_rows, picture_samples, stack_of
from app.nn.activations import output_activation_code
from app.nn.gradients import GradientKnobs, gradient_knobs, penalised_and_clipped
from app.nn.health import Health, chosen, last_broken
from app.nn.host import host, integer, real
from app.nn.losses import detection_loss_with_gradient, loss_code, loss_with_gradient
from app.nn.metrics import PICTURE_SUMS, metric_names, picture_metrics, picture_sums
from app.nn.optimizers import OptimizerKnobs, Slots, initial_slots, optimizer_knobs, update
from app.nn.pictures import COMPILER_OPTIONS
from app.nn.pictures.forward import LayerKnobs, Pass, Training, forward, forward_for_training, layer_knobs
from app.nn.pictures.stack import Stack
from app.nn.schedules import ScheduleKnobs, schedule_factor, schedule_knobs
from app.schemas.finding import FindingCode
from app.schemas.frame import FramePart
from app.schemas.resolve import Problem, target_encoding

CHUNK = 32
"""Samples that go through the network at once."""
_BATCHES = (8, 16, 32, 64, 128, 256)
"""The sizes of batches that go through it as a whole, as batch norm demands."""


@dataclass(frozen=True)
class CnnSignature:
    """The layers, the pictures, and how many of them there are."""

    stack: Stack
    rows: int
    batch: int
    """How many samples of a batch go through the network at once."""
    detects: bool

    def describe(self) -> str:
        """In words, for whoever waits for the compile."""
        channels, height, width = self.stack.shape
        colours = "" if channels == 1 else " in colour"
        layers = len(self.stack.layers)
        return f"a network of {layers} layer{'' if layers == 1 else 's'} for pictures of {height} × {width}{colours}"


class CnnLearner(NamedTuple):
    """What training changes."""

    parameters: Float[Array, " parameters"]
    gradient: Float[Array, " parameters"]
    """What the optimiser last saw: of the objective, penalty included, clipped."""
    statistics: Float[Array, " statistics"]
    """Running means and variances of batch norms."""
    slots: Slots


class CnnKnobs(NamedTuple):
    """Everything that may change without compiling again."""

    layers: LayerKnobs
    loss: Int[Array, ""]
    output_activation: Int[Array, ""]
    threshold: Float[Array, ""]
    """The single output from which on a sample counts as the positive class."""
    optimizer: OptimizerKnobs
    schedule: ScheduleKnobs
    gradient: GradientKnobs
    seed: UInt[Array, ""]


class _Seen(NamedTuple):
    """What has come of the chunks so far: for the update all but the sums, which are for measuring."""

    gradient: Float[Array, " parameters"]
    """Summed over samples."""
    finite: Float[Array, " layers"]
    statistics: Float[Array, " statistics"]
    sums: Float[Array, "parts sums samples"]
    """By the place in the chunk."""


class Cnn(PictureFamily[CnnSignature, CnnLearner, CnnKnobs]):
    """The family; app.families.base says what each method does."""

    name = "cnn"
    title = "Convolutional network"
    probes: frozenset[FramePart] = frozenset(
        {
            "points",
            "metrics",
            "maps",
            "filters",
            "predictions",
            "embedding",
            "boxes",
            "weight_histograms",
            "gradient_histograms",
            "gradient_norms",
            "diagnosis",
        }
    )
    findings: frozenset[FindingCode] = frozenset(
        {"diverged", "learning_rate_too_high", "learning_rate_too_low", "overfitting", "class_imbalance"}
    )
    compiler_options = COMPILER_OPTIONS

    def signature(self, setup: PictureSetup) -> CnnSignature:
        prepared, training = setup.prepared, setup.experiment.training
        stack = stack_of(setup)
        whole = bucket(min(training.batch_size, prepared.counts[0]), (*_BATCHES, training.batch_size))
        return CnnSignature(
            stack=stack,
            rows=picture_rows(len(prepared.inputs)),
            batch=whole if stack.statistics.size else CHUNK,
            detects=setup.problem.task == "detection",
        )

    def samples(self, setup: PictureSetup) -> Samples:
        samples = picture_samples(setup.prepared)
        if not setup.experiment.training.balance_classes:
            return samples
        train, weight = setup.prepared.counts[0], np.ones(len(samples.part), np.float32)
        weight[:train] = balanced(setup.prepared.labels[:train])
        return samples._replace(weight=host(weight))

    def init(self, setup: PictureSetup) -> CnnLearner:
        experiment, stack = setup.experiment, self.signature(setup).stack
        parameters, statistics = stack.initial(experiment.network.init, lambda name: stream(experiment.seed, name))
        slots = initial_slots(experiment.training.optimizer, parameters.size)
        return CnnLearner(host(parameters), host(np.zeros_like(parameters)), host(statistics), slots)

    def retuned(self, old: PictureSetup, new: PictureSetup, learner: CnnLearner) -> CnnLearner:
        optimizer = new.experiment.training.optimizer
        if optimizer.kind == old.experiment.training.optimizer.kind:
            return learner
        return learner._replace(slots=initial_slots(optimizer, learner.parameters.size))

    def knobs(self, setup: PictureSetup) -> CnnKnobs:
        experiment, training = setup.experiment, setup.experiment.training
        output_activation, loss = experiment.network.output_activation, training.loss
        assert loss is not None, "the Experiment must be resolved"
        assert output_activation is not None, "the Experiment must be resolved"
        zero_one = target_encoding(loss, setup.problem) == "zero_one"
        return CnnKnobs(
            layers=layer_knobs(experiment.network.layers),
            loss=integer(0 if setup.problem.task == "detection" else loss_code(loss)),
            output_activation=integer(output_activation_code(output_activation)),
            threshold=real(0.5 if zero_one else 0.0),
            optimizer=optimizer_knobs(training.optimizer),
            schedule=schedule_knobs(training.schedule),
            gradient=gradient_knobs(training.regularization, training.clipping),
            seed=host(np.uint32(zlib.crc32(f"{experiment.seed}.dropout".encode()))),
        )

    def step(
        self,
        signature: CnnSignature,
        learner: CnnLearner,
        samples: Samples,
        batch: Batch,
        knobs: CnnKnobs,
        clock: Clock,
        measured: Bool[Array, ""],
    ) -> tuple[CnnLearner, Health, Float[Array, "parts sums"]]:
        """Both by the same code, first the update and then the sums: each copy of a network is compiled for itself."""
        layers = len(signature.stack.shapes)

        def turn(index: Array, told: tuple[CnnLearner, Health, Array]) -> tuple[CnnLearner, Health, Array]:
            learner, health, _ = told
            measuring = index == 1
            seen = _gone_through(signature, learner, samples, batch, knobs, clock, measuring)
            updated, updated_health = _updated(signature, learner, seen, batch, knobs, clock)
            learner = lax.cond(updated_health.good & ~measuring, lambda: updated, lambda: learner)
            return learner, chosen(measuring, health, updated_health), jnp.sum(seen.sums, axis=2)

        start = learner, Health(jnp.zeros(layers), jnp.zeros(layers)), jnp.zeros((3, PICTURE_SUMS))
        return lax.fori_loop(0, 1 + measured.astype(jnp.int32), turn, start)

    def passed(
        self,
        signature: CnnSignature,
        learner: CnnLearner,
        knobs: CnnKnobs,
        inputs: Array,
        nudges: Sequence[Array] = (),
    ) -> Pass:
        layers = knobs.layers
        return forward(signature.stack, learner.parameters, learner.statistics, layers, inputs, nudges=nudges)

    def judged(
        self, signature: CnnSignature, knobs: CnnKnobs, logits: Array, targets: Array
    ) -> tuple[Float[Array, "outputs samples"], Float[Array, "sums samples"]]:
        loss, _, outputs = _loss(signature, knobs, logits, targets)
        return outputs, picture_sums(loss, outputs, targets, knobs.threshold, detects=signature.detects)

    def metric_names(self, problem: Problem) -> tuple[str, ...]:
        return metric_names(problem)

    def metrics(self, setup: PictureSetup, sums: np.ndarray) -> np.ndarray:
        return picture_metrics(setup.problem, sums, setup.prepared.counts)

    def tensors(self, setup: PictureSetup, learner: CnnLearner) -> dict[str, np.ndarray]:
        stack = self.signature(setup).stack
        statistics = stack.statistics.unpack(np.asarray(learner.statistics))
        return {**stack.parameters.unpack(np.asarray(learner.parameters)), **statistics}

    def gradients(self, setup: PictureSetup, learner: CnnLearner) -> dict[str, np.ndarray]:
        return self.signature(setup).stack.parameters.unpack(np.asarray(learner.gradient))

    def last_mistake(self, learner: CnnLearner) -> None:
        del learner

    def load(self, setup: PictureSetup, learner: CnnLearner, tensors: Mapping[str, np.ndarray]) -> CnnLearner:
        stack, named = self.signature(setup).stack, {**self.tensors(setup, learner), **tensors}
        parameters, statistics = stack.parameters.pack(named), stack.statistics.pack(named)
        return learner._replace(parameters=host(parameters), statistics=host(statistics))


def _loss(
    signature: CnnSignature, knobs: CnnKnobs, logits: Array, targets: Array
) -> tuple[Float[Array, " samples"], Float[Array, "outputs samples"], Float[Array, "outputs samples"]]:
    """Each sample's loss, its gradient with respect to the logits, and the network's outputs."""
    if signature.detects:
        return detection_loss_with_gradient(logits, targets)
    every: Bool[Array, " outputs"] = jnp.ones(len(logits), bool)
    return loss_with_gradient(knobs.loss, knobs.output_activation, logits, targets, every)


def _gone_through(
    signature: CnnSignature,
    learner: CnnLearner,
    samples: Samples,
    batch: Batch,
    knobs: CnnKnobs,
    clock: Clock,
    measuring: Bool[Array, ""],
) -> _Seen:
    """The batch, or where it is to be measured all samples, chunk by chunk."""
    stack, size = signature.stack, signature.batch

    def add(chunk: Array, seen: _Seen) -> _Seen:
        start = chunk * size
        columns = start + jnp.arange(size)
        rows = jnp.where(measuring, columns, batch.rows(start, size))
        real_columns, targets = columns < batch.size, samples.targets[rows].T
        training = Training(real_columns, knobs.seed, clock.step, columns, measuring)
        passed, gradient = forward_for_training(
            stack, learner.parameters, learner.statistics, knobs.layers, samples.inputs[rows].T, training
        )
        loss, slope, outputs = _loss(signature, knobs, passed.logits, targets)

        def learnt() -> _Seen:
            share = gradient(jnp.where(real_columns, slope * samples.weight[rows], 0))
            return _Seen(seen.gradient + share, seen.finite + passed.finite(stack.counts), passed.statistics, seen.sums)

        def judged() -> _Seen:
            part = jnp.where(columns < signature.rows, samples.part[rows], PADDING_PART)
            sums = picture_sums(loss, outputs, targets, knobs.threshold, detects=signature.detects)
            return seen._replace(sums=seen.sums + by_part(sums, part))

        return lax.cond(measuring, judged, learnt)

    start = _Seen(
        jnp.zeros(stack.parameters.size),
        jnp.zeros(len(stack.shapes)),
        learner.statistics,
        jnp.zeros((3, PICTURE_SUMS, size)),
    )
    chunks = lax.cond(measuring, lambda: chunks_of(samples, size), lambda: lax.div(batch.size + size - 1, size))
    return lax.fori_loop(0, chunks, add, start)


def _updated(
    signature: CnnSignature, learner: CnnLearner, seen: _Seen, batch: Batch, knobs: CnnKnobs, clock: Clock
) -> tuple[CnnLearner, Health]:
    """What the optimiser makes of it."""
    stack = signature.stack
    weights = jnp.asarray(stack.weights)
    gradient = penalised_and_clipped(seen.gradient / batch.size, learner.parameters, knobs.gradient, weights)
    rate = knobs.optimizer.learning_rate * schedule_factor(knobs.schedule, clock.epoch)
    tuned = knobs.optimizer._replace(learning_rate=rate)
    change, slots = update(gradient, learner.parameters, learner.slots, tuned, weights)
    parameters = learner.parameters + change
    # Squared, because moments hold squares: an infinite one would hold its parameter still for good, unnoticed.
    backward_health = last_broken(gradient**2 + parameters, stack.layer_of, len(stack.shapes))
    return CnnLearner(parameters, gradient, seen.statistics, slots), Health(seen.finite, backward_health)
