"""The protocol that every family of networks fulfils, and the arrays that engine and families exchange.

A family owns its step, not merely a loss: how it updates is its own affair. Functions that end up inside a program
(step, observe) are pure and traced; all others run on the host with NumPy.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float, Int, UInt

from app.data.dataset import Prepared, PreparedPictures, PreparedPoints
from app.nn.health import Health
from app.schemas.experiment import Experiment, PictureExperiment, PlaneExperiment
from app.schemas.finding import FindingCode
from app.schemas.frame import FramePart
from app.schemas.graph import Graph
from app.schemas.resolve import Problem

# The value of `Samples.part` for rows that do not exist.
PADDING_PART = 3
WHOLE = np.bool_(1)
"""Asks `observe` for the samples, and not for its inputs alone."""


@runtime_checkable
class Signature(Hashable, Protocol):
    """All that forces XLA to compile again, hashable; a pure function of the Experiment."""

    @property
    def rows(self) -> int:
        """The padded number of samples."""
        ...

    def describe(self) -> str:
        """The network in words, for whoever waits for its compile."""
        ...


class Samples(NamedTuple):
    """The data of a run on the device, padded with finite copies. Training rows come first."""

    inputs: Float[Array, "rows inputs"]
    targets: Float[Array, "rows outputs"]
    part: Int[Array, " rows"]
    """0 training, 1 validation, 2 test, 3 padding."""
    weight: Float[Array, " rows"]
    """How much each counts in an update; 1 on average over the training part."""


class Batch(NamedTuple):
    """Which samples an update sees: `size` of them from `position` on, in the order of the present epoch."""

    orders: UInt[Array, "epochs places"]
    epoch: Int[Array, ""]
    """The row of `orders`."""
    position: Int[Array, ""]
    size: Int[Array, ""]

    def rows(self, start: Array | int, count: int) -> Int[Array, " count"]:
        """The indices of `count` samples from place `start` (< `size`) of the batch on.

        Those past `size` repeat the one at `start` and are to be masked: they overflow only where a real one does.
        """
        rows = lax.dynamic_slice(self.orders, (self.epoch, self.position + start), (1, count))[0].astype(jnp.int32)
        return jnp.where(start + jnp.arange(count) < self.size, rows, rows[0])


class Clock(NamedTuple):
    """Updates done, passes finished, and samples seen in the present pass."""

    step: Int[Array, ""]
    epoch: Int[Array, ""]
    position: Int[Array, ""]


@dataclass(frozen=True, eq=False)
class Responses:
    """What a network makes of some inputs."""

    outputs: np.ndarray
    """(n, outputs)"""
    hidden: list[np.ndarray]
    """(padded units, m) by layer, of the first m inputs, as many as the family tells of."""
    pre_activations: list[np.ndarray]
    """Likewise, the output layer's last."""


@runtime_checkable
class Observation(Protocol):
    """What is seen of a network; all but its metrics is the family's own."""

    @property
    def sums(self) -> Float[Array, "parts sums"]:
        """What a measured step tells."""
        ...


@dataclass(frozen=True)
class Setup:
    """What a run is about: the resolved Experiment and the data that it describes."""

    experiment: Experiment
    prepared: Prepared

    @property
    def problem(self) -> Problem:
        """The task, and the number of classes."""
        return self.prepared.dataset.problem


@dataclass(frozen=True)
class PlaneSetup(Setup):
    """The same where it is about points in a plane."""

    experiment: PlaneExperiment
    prepared: PreparedPoints


def of_plane(setup: Setup) -> PlaneSetup:
    """The setup of a family that sees a plane."""
    assert isinstance(setup, PlaneSetup), "only what sees a plane can be asked for this"
    return setup


@dataclass(frozen=True)
class PictureSetup(Setup):
    """The same where it is about pictures."""

    experiment: PictureExperiment
    prepared: PreparedPictures


def of_pictures(setup: Setup) -> PictureSetup:
    """The setup of a family that sees pictures."""
    assert isinstance(setup, PictureSetup), "only what sees pictures can be asked for this"
    return setup


# A family's own types: what it is about, its signature, and its pytrees of what it learns (parameters, slots) and of
# its traced choices.
OwnSetup = TypeVar("OwnSetup", bound=Setup, contravariant=True)
OwnSignature = TypeVar("OwnSignature", bound=Signature)
Learner = TypeVar("Learner")
Knobs = TypeVar("Knobs")


Tree = Any
"""A family's own pytree."""


@runtime_checkable
class Family(Protocol[OwnSetup, OwnSignature, Learner, Knobs]):
    """One family. `signature` arguments are what its own `signature` returned."""

    @property
    def name(self) -> str:
        """As the Experiment's `family` names it."""
        ...

    @property
    def title(self) -> str:
        """What it is called on the page."""
        ...

    @property
    def probes(self) -> frozenset[FramePart]:
        """The frame parts that it supports."""
        ...

    @property
    def findings(self) -> frozenset[FindingCode]:
        """What may stand out in a run of it."""
        ...

    @property
    def compiler_options(self) -> Mapping[str, bool]:
        """With which of XLA's options its programs are compiled, besides those of the process."""
        ...

    def signature(self, setup: OwnSetup) -> OwnSignature:
        """What must be compiled."""
        ...

    def samples(self, setup: OwnSetup) -> Samples:
        """The data, padded."""
        ...

    def init(self, setup: OwnSetup) -> Learner:
        """Parameters drawn from the seed, and fresh slots."""
        ...

    def retuned(self, old: OwnSetup, new: OwnSetup, learner: Learner) -> Learner:
        """The learner after a live change; an optimiser of another kind starts with fresh slots."""
        ...

    def knobs(self, setup: OwnSetup) -> Knobs:
        """The Experiment's traced choices."""
        ...

    def step(
        self,
        signature: OwnSignature,
        learner: Learner,
        samples: Samples,
        batch: Batch,
        knobs: Knobs,
        clock: Clock,
        measured: Bool[Array, ""],
    ) -> tuple[Learner, Health, Float[Array, "parts sums"]]:
        """One update, unless it is not good; and where it is to be `measured`, sums over each part afterwards, in
        evaluation mode, from which `metrics` are computed, else zeros. Traced."""
        ...

    @property
    def sees(self) -> Literal["plane", "pictures"]:
        """What its inputs are."""
        ...

    def view(self, setup: OwnSetup, choice: int) -> Array:
        """What `observe` is given for frames: among the samples the one with row `choice`, where one can be chosen."""
        ...

    def questions(self, setup: OwnSetup, inputs: np.ndarray) -> Sequence[tuple[np.ndarray, int]]:
        """What `observe` is given, time after time, to answer raw inputs, and how many of them it is about each time.

        Raises InvalidInput where they are none, or too many.
        """
        ...

    def observe(
        self,
        signature: OwnSignature,
        learner: Learner,
        samples: Samples,
        knobs: Knobs,
        inputs: Float[Array, "places inputs"],
        whole: Bool[Array, ""],
    ) -> Observation:
        """What the network makes of `inputs` and, where it is to be seen as a `whole`, of its samples, in evaluation
        mode. Traced."""
        ...

    def answers(self, setup: OwnSetup, observation: Tree, count: int) -> Responses:
        """What it has answered to the first `count` of the inputs."""
        ...

    def responses(self, setup: OwnSetup, look: Callable[[np.ndarray], Tree]) -> Responses:
        """What it answers to its samples, in their order; `look` observes it with such inputs."""
        ...

    def sketch(self, observation: Tree) -> np.ndarray | None:
        """Some of what was observed, as a small picture of it in a list; nothing where there is none."""
        ...

    def metric_names(self, problem: Problem) -> tuple[str, ...]:
        """The names of the metrics for a task, the loss first."""
        ...

    def metrics(
        self, setup: OwnSetup, sums: Float[np.ndarray, "rows parts sums"]
    ) -> Float[np.ndarray, "rows parts metrics"]:
        """Each part's metrics in the order of their names; NaN for an empty part."""
        ...

    def tensors(self, setup: OwnSetup, learner: Learner) -> dict[str, np.ndarray]:
        """Parameters by name, without padding."""
        ...

    def gradients(self, setup: OwnSetup, learner: Learner) -> dict[str, np.ndarray]:
        """The gradient of the last update, by the names of `tensors`; nothing where it learns without gradients."""
        ...

    def last_mistake(self, learner: Learner) -> int | None:
        """The training sample, by its row, whose wrong answer made the last update; None where updates are not of that
        kind, or there was none yet."""
        ...

    def load(self, setup: OwnSetup, learner: Learner, tensors: Mapping[str, np.ndarray]) -> Learner:
        """The learner with these parameters instead of its own; slots stay. The inverse of `tensors`."""
        ...

    def graph(self, setup: OwnSetup) -> Graph:
        """Layers, shapes and parameter counts."""
        ...


# For engine, runs and web, which never ask which family they serve.
AnyFamily = Family[Any, Any, Any, Any]
