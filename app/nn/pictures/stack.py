"""The plan of one network for pictures: shapes of its layers, and where each of its tensors lies in a flat vector.

Made in Python before anything is traced, and hashable: two networks that differ only in knobs (dropout rates,
momenta of running statistics) have equal plans, and so one program.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod

import numpy as np
from jax import Array
from jaxtyping import Bool, Float, UInt8

from app.nn.initializers import draw_layer
from app.nn.pictures.shapes import Shape, output_shapes
from app.schemas.network import Initializer
from app.schemas.picture_network import (
    BatchNorm,
    Conv2D,
    LayerNorm,
    PictureDense,
    PictureLayer,
    PictureLayerBase,
    Residual,
)

Named = dict[str, np.ndarray]
_LEAST_OUTPUTS = 16
"""Layers with fewer take as long as those with so many."""
KNOBS = ("rate", "momentum")
"""The fields of layers that are no reason to compile."""


@dataclass(frozen=True)
class Tensor:
    """One array of parameters or statistics by its name and its shape outside of programs.

    Weights have their outputs last: (kernel, kernel, in, out) or (inputs, units). Inside they are (outputs, inputs).
    """

    name: str
    shape: Shape
    layer: int

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)

    @property
    def is_weight(self) -> bool:
        """Whether penalties and decay act on it; biases, scales and shifts have one axis."""
        return len(self.shape) > 1

    @property
    def inner_shape(self) -> Shape:
        """The shape that programs see."""
        return (self.shape[-1], self.size // self.shape[-1]) if self.is_weight else self.shape


@dataclass(frozen=True)
class Layout:
    """Tensors one after the other in a flat vector, layer by layer."""

    tensors: tuple[Tensor, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each tensor begins, and the length of the whole vector."""
        return tuple(accumulate((tensor.size for tensor in self.tensors), initial=0))

    @property
    def size(self) -> int:
        """The length of the flat vector."""
        return self.starts[-1]

    def split(self, flat: Float[Array, " values"]) -> dict[str, Array]:
        """The tensors by name, as programs see them, as views of the flat vector."""
        return {
            tensor.name: flat[start : start + tensor.size].reshape(tensor.inner_shape)
            for tensor, start in zip(self.tensors, self.starts, strict=False)
        }

    def pack(self, named: Mapping[str, np.ndarray]) -> Float[np.ndarray, " values"]:
        """The flat vector of tensors by name, each of its shape outside."""
        flat = np.empty(self.size, np.float32)
        for tensor, start in zip(self.tensors, self.starts, strict=False):
            values = named[tensor.name]
            assert values.shape == tensor.shape, f"{tensor.name} is {values.shape}, not {tensor.shape}"
            flat[start : start + tensor.size] = values.reshape(-1, tensor.shape[-1]).T.ravel()
        return flat

    def unpack(self, flat: Float[np.ndarray, " values"]) -> Named:
        """The inverse of `pack`; copies, which may be changed."""
        named: Named = {}
        for tensor, start in zip(self.tensors, self.starts, strict=False):
            inner = flat[start : start + tensor.size].reshape(tensor.shape[-1], -1)
            named[tensor.name] = np.array(inner.T, order="C").reshape(tensor.shape)
        return named


@dataclass(frozen=True)
class Stack:
    """The layers of a network for pictures of `shape` (channels, height, width), then `outputs` units.

    Raises InvalidInput where the layers cannot follow each other.
    """

    layers: tuple[PictureLayer, ...]
    shape: tuple[int, int, int]
    outputs: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(_without_knobs(layer) for layer in self.layers))
        _ = self.shapes

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """What each layer gives on, the output layer last."""
        return output_shapes(self.layers, self.shape, self.outputs)

    @cached_property
    def parameters(self) -> Layout:
        """What is trained."""
        return Layout(tuple(self._tensors(_parameters)))

    @cached_property
    def statistics(self) -> Layout:
        """Running means and variances of batch norms."""
        return Layout(tuple(self._tensors(_statistics)))

    @cached_property
    def weights(self) -> Bool[np.ndarray, " parameters"]:
        """True for kernels and dense weights, on which penalties and decay act."""
        return np.repeat(
            [tensor.is_weight for tensor in self.parameters.tensors],
            [tensor.size for tensor in self.parameters.tensors],
        )

    @cached_property
    def layer_of(self) -> UInt8[np.ndarray, " parameters"]:
        """The layer that each parameter belongs to."""
        return np.repeat(np.arange(len(self.counts), dtype=np.uint8), self.counts)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many parameters each layer has, the output layer last."""
        counts = [0] * len(self.shapes)
        for tensor in self.parameters.tensors:
            counts[tensor.layer] += tensor.size
        return tuple(counts)

    @cached_property
    def work(self) -> tuple[int, ...]:
        """How often each layer multiplies by a weight for one picture, the output layer last.

        A few filters count as more, since they take as long: what lies under their windows is gathered all the same.
        """
        work = [0] * len(self.shapes)
        for tensor in self.parameters.tensors:
            if tensor.is_weight:
                fan_in, outputs = tensor.size // tensor.shape[-1], max(tensor.shape[-1], _LEAST_OUTPUTS)
                work[tensor.layer] += fan_in * outputs * prod(self.shapes[tensor.layer][1:])
        return tuple(work)

    def initial(
        self, spec: Initializer, stream: Callable[[str], np.random.Generator]
    ) -> tuple[Float[np.ndarray, " parameters"], Float[np.ndarray, " statistics"]]:
        """First parameters and statistics: weights and biases as `spec` says, each weight from a stream of its name.

        Norms start with scale 1, shift 0, mean 0 and variance 1.
        """
        named: Named = {}
        for tensor in self.parameters.tensors:
            if tensor.is_weight:
                *patch, inputs, units = tensor.shape
                drawn = draw_layer(spec, inputs, units, stream(f"init.{tensor.name}"), places=prod(patch))
                named[tensor.name] = drawn[0].reshape(tensor.shape)
                named[_bias_of(tensor.name)] = drawn[1]
            elif tensor.name not in named:
                named[tensor.name] = np.full(tensor.shape, tensor.name.endswith(".weight"), np.float32)
        start = {
            tensor.name: np.full(tensor.shape, tensor.name.endswith("variance"), np.float32)
            for tensor in self.statistics.tensors
        }
        return self.parameters.pack(named), self.statistics.pack(start)

    def _tensors(
        self, of_layer: Callable[[PictureLayerBase, Shape, Shape], Sequence[tuple[str, Shape]]]
    ) -> list[Tensor]:
        output = PictureDense(units=self.outputs)
        inputs = (self.shape, *self.shapes)
        return [
            Tensor(f"layers.{index}.{name}", shape, index)
            for index, layer in enumerate((*self.layers, output))
            for name, shape in of_layer(layer, inputs[index], inputs[index + 1])
        ]


def has_shortcut(before: Shape, after: Shape) -> bool:
    """Whether what comes into a residual block goes by way of a convolution of its own: where shapes differ."""
    return before != after


def _without_knobs(layer: PictureLayer) -> PictureLayer:
    fields = type(layer).model_fields
    return layer.model_copy(update={name: fields[name].default for name in KNOBS if name in fields})


def _bias_of(weight: str) -> str:
    return weight.removesuffix("weight") + "bias"


def _parameters(layer: PictureLayerBase, before: Shape, after: Shape) -> list[tuple[str, Shape]]:
    match layer:
        case Conv2D():
            return _pair("", (layer.kernel, layer.kernel, before[0], after[0]))
        case PictureDense():
            return _pair("", (before[0], after[0]))
        case BatchNorm() | LayerNorm():
            return _pair("", after[:1])
        case Residual():
            filters = after[0]
            shortcut = _pair("shortcut.", (1, 1, before[0], filters)) + _pair("shortcut_norm.", (filters,))
            return [
                *_pair("conv1.", (3, 3, before[0], filters)),
                *_pair("norm1.", (filters,)),
                *_pair("conv2.", (3, 3, filters, filters)),
                *_pair("norm2.", (filters,)),
                *(shortcut if has_shortcut(before, after) else ()),
            ]
        case _:
            return []


def _statistics(layer: PictureLayerBase, before: Shape, after: Shape) -> list[tuple[str, Shape]]:
    match layer:
        case BatchNorm():
            norms = [""]
        case Residual():
            norms = ["norm1.", "norm2.", *(["shortcut_norm."] if has_shortcut(before, after) else [])]
        case _:
            norms = []
    return [(f"{norm}{kind}", after[:1]) for norm in norms for kind in ("running_mean", "running_variance")]


def _pair(name: str, weight: Shape) -> list[tuple[str, Shape]]:
    """A weight, or a scale, with its bias, or shift."""
    return [(f"{name}weight", weight), (f"{name}bias", weight[-1:])]
