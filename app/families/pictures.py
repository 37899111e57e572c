"""What families of pictures share: their padded samples, and how they are looked at, picture by picture."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from math import prod
from typing import Generic, Literal, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.flatten_util import ravel_pytree
from jaxtyping import Bool, Float, Int

from app.data.dataset import PreparedPictures
from app.errors import InvalidInput
from app.families.base import PADDING_PART, PictureSetup, Responses, Samples
from app.nn.host import host
from app.nn.pictures.forward import Pass
from app.nn.pictures.lens import Aim, Slopes, slopes
from app.nn.pictures.shapes import Shape
from app.nn.pictures.stack import Stack
from app.schemas.graph import Graph, GraphLayer
from app.schemas.picture_network import activation_of

CAPACITY = 32
"""Pictures that go through the network at once for those who ask."""
MOST_INPUTS = 1_024
"""Pictures that it can be asked about in one go."""
_CHUNK = 64
"""Samples that are looked at together."""
_ROWS = 256
"""Samples are padded to a multiple of this."""

_padded: "WeakKeyDictionary[PreparedPictures, Samples]" = WeakKeyDictionary()
"""Samples on the device, shared by all runs of the same data."""


class PictureObservation(NamedTuple):
    """What a network makes of some pictures, and of its samples."""

    sums: Float[Array, "parts sums"]
    outputs: Float[Array, "outputs places"]
    """Its answers to the pictures."""
    maps: list[Float[Array, "*values"]]
    """What each layer but the output layer makes of the first of them."""
    pre_activations: list[Float[Array, "*values"]]
    """Likewise what its activation is applied to, the logits last."""
    answers: Float[Array, "outputs rows"]
    """To its samples."""
    embedding: Float[Array, "units rows"]
    """What the output layer sees of its samples."""
    peaks: list[Float[Array, "channels rows"]]
    """For each layer that makes maps the largest value of each map, for each sample; nothing for the others."""


class _Looked(NamedTuple):
    """What is seen of some samples together: sums by lane, and the rest as in a PictureObservation."""

    sums: Float[Array, "parts sums samples"]
    outputs: Float[Array, "outputs places"]
    maps: list[Float[Array, "*values"]]
    pre_activations: list[Float[Array, "*values"]]


OwnSignature = TypeVar("OwnSignature")
Learner = TypeVar("Learner")
Knobs = TypeVar("Knobs")


class PictureFamily(ABC, Generic[OwnSignature, Learner, Knobs]):
    """See the module; app.families.base says what each method of a family does."""

    sees: Literal["pictures"] = "pictures"

    @abstractmethod
    def passed(
        self, signature: OwnSignature, learner: Learner, knobs: Knobs, inputs: Array, nudges: Sequence[Array] = ()
    ) -> Pass:
        """What goes through the layers for inputs (values, samples), in evaluation mode; `nudges`, where there are any,
        are added to the channels (channels, samples) that each layer gives on. Traced."""

    @abstractmethod
    def judged(
        self, signature: OwnSignature, knobs: Knobs, logits: Array, targets: Array
    ) -> tuple[Float[Array, "outputs samples"], Float[Array, "sums samples"]]:
        """The outputs, and what each sample adds to the sums: its loss, whether the answer is right, and how much its
        box overlaps (0 where there is none). Traced."""

    def graph(self, setup: PictureSetup) -> Graph:
        """All of its layers, the output layer last."""
        network, stack = setup.experiment.network, stack_of(setup)
        activations = [*(activation_of(layer) or "" for layer in network.layers), str(network.output_activation)]
        details = [*(layer.detail for layer in network.layers), ""]
        kinds = [*(layer.kind for layer in network.layers), "dense"]
        shapes = [stack.shape, *stack.shapes]
        layers = tuple(
            GraphLayer(
                kind=kind,
                detail=detail,
                inputs=prod(before),
                units=prod(after),
                shape=after if len(after) > 1 else (),
                activation=activation,
                parameters=count,
                work=work,
            )
            for kind, detail, activation, count, work, before, after in zip(
                kinds, details, activations, stack.counts, stack.work, shapes, shapes[1:], strict=False
            )
        )
        return Graph(features=(), layers=layers)

    def view(self, setup: PictureSetup, choice: int) -> Array:
        """The sample `choice`, in the first of the places."""
        return jnp.asarray(_placed(setup.prepared.inputs[choice : choice + 1]))

    def questions(self, setup: PictureSetup, inputs: np.ndarray) -> Sequence[tuple[np.ndarray, int]]:
        """Of pictures (n, channels, height, width), or (n, values), CAPACITY of them each time."""
        prepared = setup.prepared
        if inputs.shape[1:] not in (prepared.shape, prepared.inputs.shape[1:]) or len(inputs) > MOST_INPUTS:
            size = " × ".join(map(str, prepared.shape))
            raise InvalidInput.at("inputs", f"must be pictures of {size} numbers, at most {MOST_INPUTS:,}")
        flat = inputs.reshape(len(inputs), prepared.inputs.shape[1])
        batches = [flat[start : start + CAPACITY] for start in range(0, max(1, len(flat)), CAPACITY)]
        return [(_placed(batch), len(batch)) for batch in batches]

    def observe(
        self,
        signature: OwnSignature,
        learner: Learner,
        samples: Samples,
        knobs: Knobs,
        inputs: Float[Array, "places values"],
        whole: Bool[Array, ""],
    ) -> PictureObservation:
        """The samples go through the layers chunk by chunk, and at last the pictures, by the same code: each copy of a
        network is compiled for itself."""
        rows = samples.inputs.shape[0]
        chunks = jnp.where(whole, chunks_of(samples, _CHUNK), 0)

        def look(chunk: Array) -> tuple[_Looked, Array]:
            """What is seen of the chunk, or of the pictures after the last one; and what is told of all samples."""
            x, targets, part = _chunk(samples, chunk)
            asked = chunk == chunks
            x = jnp.where(asked, jnp.zeros_like(x).at[:, :CAPACITY].set(inputs.T), x)
            passed = self.passed(signature, learner, knobs, x)
            outputs, judged = self.judged(signature, knobs, passed.logits, targets)
            before = passed.outputs[-1] if passed.outputs else x
            peaks = [jnp.max(maps, (1, 2)) for maps in passed.outputs if maps.ndim > 3]
            told = jnp.concatenate([outputs, before.reshape(-1, _CHUNK), *peaks])
            sums = jnp.where(asked, 0, by_part(judged, part))
            first = [each[..., 0] for each in passed.outputs], [each[..., 0] for each in passed.pre_activations]
            return _Looked(sums, outputs[:, :CAPACITY], *first), told

        like, told_like = jax.eval_shape(look, jnp.int32(0))
        # As one vector: what carries on many arrays has a function for each of them to compile.
        start, unravel = ravel_pytree(jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), like))

        def add(chunk: Array, seen: tuple[Array, Array]) -> tuple[Array, Array]:
            looked, told = look(chunk)
            place = jnp.where(chunk == chunks, rows, chunk * _CHUNK)
            sums = unravel(seen[0]).sums + looked.sums
            vector, _ = ravel_pytree(looked._replace(sums=sums))
            return vector, lax.dynamic_update_slice_in_dim(seen[1], told, place, axis=1)

        # The pictures have places of their own behind the samples.
        vector, told = lax.fori_loop(0, chunks + 1, add, (start, jnp.zeros((len(told_like), rows + _CHUNK))))
        looked = unravel(vector)
        shapes = [each.shape for each in like.maps]
        embedding = prod(shapes[-1]) if shapes else inputs.shape[1]
        sizes = [len(like.outputs), embedding, *(shape[0] if len(shape) > 1 else 0 for shape in shapes)]
        answers, embedded, *peaks = jnp.split(told[:, :rows], np.cumsum(sizes)[:-1])
        return PictureObservation(
            sums=jnp.sum(looked.sums, axis=2),
            outputs=looked.outputs,
            maps=looked.maps,
            pre_activations=looked.pre_activations,
            answers=answers,
            embedding=embedded,
            peaks=peaks,
        )

    def slopes(
        self, signature: OwnSignature, learner: Learner, knobs: Knobs, inputs: Float[Array, "values places"], aim: Aim
    ) -> Slopes:
        """What would change its answers to pictures. Traced."""

        def passed(inputs: Array, nudges: Sequence[Array]) -> Pass:
            return self.passed(signature, learner, knobs, inputs, nudges)

        return slopes(passed, inputs, aim)

    def answers(self, setup: PictureSetup, observation: PictureObservation, count: int) -> Responses:
        del setup
        return Responses(np.asarray(observation.outputs).T[:count], [], [])

    def responses(self, setup: PictureSetup, look: Callable[[np.ndarray], PictureObservation]) -> Responses:
        seen, count = look(_placed(setup.prepared.inputs[:1])), len(setup.prepared.inputs)
        return Responses(np.asarray(seen.answers).T[:count], [], [])

    def sketch(self, observation: PictureObservation) -> None:
        del observation


def stack_of(setup: PictureSetup) -> Stack:
    """The plan of its network."""
    return Stack(setup.experiment.network.layers, setup.prepared.shape, setup.prepared.targets.shape[1])


def shapes_of(setup: PictureSetup) -> tuple[Shape, ...]:
    """What each layer of its network gives on, the output layer last."""
    return stack_of(setup).shapes


def picture_rows(samples: int) -> int:
    """The padded number of samples."""
    return -(-samples // _ROWS) * _ROWS


def picture_samples(prepared: PreparedPictures) -> Samples:
    """The data on the device, in arrays of `picture_rows` rows; all samples count alike."""
    if prepared not in _padded:
        count, rows = len(prepared.inputs), picture_rows(len(prepared.inputs))
        # Padding rows repeat the first sample: finite, because `where` lets NaN through backwards.
        inputs = np.concatenate([prepared.inputs, np.repeat(prepared.inputs[:1], rows - count, axis=0)])
        targets = np.concatenate([prepared.targets, np.repeat(prepared.targets[:1], rows - count, axis=0)])
        part = np.full(rows, PADDING_PART, np.int32)
        part[:count] = np.repeat(np.arange(3), prepared.counts)
        samples = Samples(host(inputs), host(targets), host(part), host(np.ones(rows, np.float32)))
        _padded[prepared] = jax.device_put(samples)
    return _padded[prepared]


def chunks_of(samples: Samples, size: int) -> Int[Array, ""]:
    """How many chunks of that size hold samples; they come first. Traced.

    By lines, and divided as the processor does: both are less to compile (docs/decisions/0016-convolutions.md).
    """
    return lax.div(jnp.sum((samples.part < PADDING_PART).reshape(-1, _ROWS)) + size - 1, size)


def by_part(judged: Float[Array, "sums samples"], part: Int[Array, " samples"]) -> Float[Array, "parts sums samples"]:
    """What samples add to the sums of their own part; padding adds to none. Traced."""
    return jnp.where(part == jnp.arange(3)[:, None, None], judged, 0)


def _chunk(samples: Samples, chunk: Array) -> tuple[Array, Array, Array]:
    """Inputs and targets, each sample a column, and their parts."""
    start = chunk * _CHUNK
    return (
        lax.dynamic_slice_in_dim(samples.inputs, start, _CHUNK).T,
        lax.dynamic_slice_in_dim(samples.targets, start, _CHUNK).T,
        lax.dynamic_slice_in_dim(samples.part, start, _CHUNK),
    )


def _placed(inputs: np.ndarray) -> np.ndarray:
    """Inputs (n, values) in the first of all places."""
    places = np.zeros((CAPACITY, inputs.shape[1]), np.float32)
    places[: len(inputs)] = inputs
    return places
