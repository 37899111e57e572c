"""What families of points in a plane share: how they are looked at, all over the plane and at their data."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, Literal, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Bool, Float

from app.errors import InvalidInput
from app.families.base import Batch, Clock, PlaneSetup, Responses, Samples
from app.families.padding import padded_features
from app.nn.health import Health, chosen
from app.schemas.frame import BOUNDARY_SIDE, THUMBNAIL_SIDE

_BANDS, _COARSE_BANDS = 25, 4
"""A grid goes through the network in so many parts, so that what each needs stays in the cache."""
_THUMBNAIL_LINES = np.linspace(0, BOUNDARY_SIDE - 1, THUMBNAIL_SIDE).round().astype(np.int32)
_COARSE_PLACES = (_THUMBNAIL_LINES[:, None] * BOUNDARY_SIDE + _THUMBNAIL_LINES).ravel()
_PLACES = np.concatenate([_COARSE_PLACES, np.delete(np.arange(BOUNDARY_SIDE**2), _COARSE_PLACES)])
"""Where inputs that are no grid are put, so that the coarser grid shows the first THUMBNAIL_SIDE² of them."""
_SKETCH_SIDE = 25
_SKETCH_LINES = np.linspace(0, BOUNDARY_SIDE - 1, _SKETCH_SIDE).round().astype(int)
_GRIDS_KEPT = 32


class Response(NamedTuple):
    """What a network answers to inputs."""

    outputs: Float[Array, "outputs samples"]
    hidden: list[Float[Array, "units samples"]]
    """What each hidden layer gives on."""
    pre_activations: list[Float[Array, "units samples"]]
    """What each layer's activation function is applied to, the output layer's last."""


class PlaneObservation(NamedTuple):
    """What a network answers to a grid of inputs, or to others in its place."""

    sums: Float[Array, "parts sums"]
    outputs: Float[Array, "outputs side side"]
    thumbnails: list[Float[Array, "units side side"]]
    """Hidden activations, by layer, on a coarser grid."""
    pre_activations: list[Float[Array, "units side side"]]
    """Likewise, the output layer's last."""


OwnSignature = TypeVar("OwnSignature")
Learner = TypeVar("Learner")
Knobs = TypeVar("Knobs")


class PlaneFamily(ABC, Generic[OwnSignature, Learner, Knobs]):
    """See the module; app.families.base says what each method of a family does."""

    sees: Literal["plane"] = "plane"

    def __init__(self) -> None:
        self._grids: OrderedDict[Hashable, Array] = OrderedDict()
        self._lock = Lock()

    @abstractmethod
    def update(
        self, signature: OwnSignature, learner: Learner, samples: Samples, batch: Batch, knobs: Knobs, clock: Clock
    ) -> tuple[Learner, Health]:
        """One update. Traced."""

    @abstractmethod
    def measure(
        self, signature: OwnSignature, learner: Learner, samples: Samples, knobs: Knobs
    ) -> Float[Array, "parts sums"]:
        """Sums over each part, in evaluation mode. Traced."""

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
        """One after the other."""
        updated, health = self.update(signature, learner, samples, batch, knobs, clock)
        learner = chosen(health.good, updated, learner)
        return learner, health, self._measured(signature, learner, samples, knobs, measured)

    @abstractmethod
    def respond(self, signature: OwnSignature, learner: Learner, knobs: Knobs, inputs: Array) -> Response:
        """Outputs and hidden activations for any inputs (inputs, samples), in evaluation mode. Traced."""

    def view(self, setup: PlaneSetup, choice: int) -> Array:
        """The grid of points over the plane, whatever is chosen. Runs that look at the same plane share it."""
        del choice
        transform = setup.prepared.transform
        key = setup.prepared.dataset.domain, transform.features, transform.offset.tobytes(), transform.divisor.tobytes()
        with self._lock:
            if key not in self._grids:
                self._grids[key] = jax.device_put(padded_features(transform(grid_points(setup, BOUNDARY_SIDE))))
                if len(self._grids) > _GRIDS_KEPT:
                    self._grids.popitem(last=False)
            self._grids.move_to_end(key)
            return self._grids[key]

    def questions(self, setup: PlaneSetup, inputs: np.ndarray) -> Sequence[tuple[np.ndarray, int]]:
        """Of raw points (n, 2), all at once."""
        if inputs.ndim != 2 or inputs.shape[1] != 2 or len(inputs) > BOUNDARY_SIDE**2:
            raise InvalidInput.at("inputs", f"must be up to {BOUNDARY_SIDE**2} pairs of numbers")
        return [(_on_grid(setup.prepared.transform(inputs)), len(inputs))]

    def observe(
        self,
        signature: OwnSignature,
        learner: Learner,
        samples: Samples,
        knobs: Knobs,
        inputs: Float[Array, "places inputs"],
        whole: Bool[Array, ""],
    ) -> PlaneObservation:
        def answers(inputs: Array, bands: int) -> Response:
            def respond(band: Array) -> Response:
                return self.respond(signature, learner, knobs, band.T)

            by_band = lax.map(respond, inputs.reshape(bands, len(inputs) // bands, -1))
            return jax.tree.map(lambda leaf: jnp.moveaxis(leaf, 0, 1).reshape(leaf.shape[1], -1), by_band)

        outputs = answers(inputs, _BANDS).outputs
        coarse = answers(inputs[_COARSE_PLACES], _COARSE_BANDS)
        measured = self._measured(signature, learner, samples, knobs, whole)
        maps = [[leaf.reshape(len(leaf), THUMBNAIL_SIDE, -1) for leaf in part] for part in coarse[1:]]
        return PlaneObservation(measured, outputs.reshape(len(outputs), BOUNDARY_SIDE, -1), *maps)

    def _measured(
        self, signature: OwnSignature, learner: Learner, samples: Samples, knobs: Knobs, measured: Bool[Array, ""]
    ) -> Array:
        """Zeros where it is not."""

        def measure() -> Array:
            return self.measure(signature, learner, samples, knobs)

        sums = jax.eval_shape(measure)
        return lax.cond(measured, measure, lambda: jnp.zeros(sums.shape, sums.dtype))

    def answers(self, setup: PlaneSetup, observation: PlaneObservation, count: int) -> Responses:
        outputs = setup.prepared.targets.shape[1]
        answers = np.asarray(observation.outputs).reshape(-1, BOUNDARY_SIDE**2)
        return Responses(
            outputs=answers[:outputs, _PLACES[:count]].T,
            hidden=[_first(maps, count) for maps in observation.thumbnails],
            pre_activations=[_first(maps, count) for maps in observation.pre_activations],
        )

    def responses(self, setup: PlaneSetup, look: Callable[[np.ndarray], PlaneObservation]) -> Responses:
        inputs = setup.prepared.inputs
        return self.answers(setup, look(_on_grid(inputs)), len(inputs))

    def sketch(self, observation: PlaneObservation) -> np.ndarray:
        """The outputs (padded outputs, lines, lines) on a grid of a few lines."""
        return np.asarray(observation.outputs)[:, _SKETCH_LINES[:, None], _SKETCH_LINES]


def grid_points(setup: PlaneSetup, side: int) -> np.ndarray:
    """The grid (side², 2), line by line from the lowest x2, each line from the lowest x1."""
    (low1, high1), (low2, high2) = setup.prepared.dataset.domain
    x2, x1 = np.meshgrid(np.linspace(low2, high2, side), np.linspace(low1, high1, side), indexing="ij")
    return np.column_stack([x1.ravel(), x2.ravel()])


def _on_grid(inputs: np.ndarray) -> np.ndarray:
    """Inputs (n, features) in the places of a grid: nothing has to be compiled for them."""
    features = padded_features(inputs)
    grid = np.zeros((BOUNDARY_SIDE**2, features.shape[1]), np.float32)
    grid[_PLACES[: len(features)]] = features
    return grid


def _first(maps: Array | np.ndarray, count: int) -> np.ndarray:
    """The maps (units, side, side) of inputs that are no grid, as (units, inputs) of the first of them."""
    return np.asarray(maps).reshape(len(maps), -1)[:, :count]
