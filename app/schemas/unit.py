"""The arithmetic of one unit of a network for pictures, as it is told: each kind of layer has its own.

Single numbers have double precision; packed arrays (app.schemas.packed) are float32.
"""

from math import isfinite
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.schemas.document import Document
from app.schemas.packed import PackedArray


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_finite)]
"""A number, or null where it is not finite."""


class Place(Document):
    """A unit of what a layer gives on, or of the picture; in a row it is `unit`, else `channel`, `y` and `x`."""

    channel: int | None = None
    y: int | None = None
    x: int | None = None
    unit: int | None = None


class Convolution(Document):
    """A kernel on a patch: the sum of the products, plus the bias."""

    kind: Literal["convolution"] = "convolution"
    rows: tuple[int, ...]
    """The lines of the layer before from which the patch is; those that it lacks are padding, 0."""
    columns: tuple[int, ...]
    """Likewise the columns."""
    patch: PackedArray
    """(channels, kernel, kernel)"""
    weights: PackedArray
    """(channels, kernel, kernel): the filter."""
    products: PackedArray
    """(channels, kernel, kernel)"""
    sum: Number
    """Of the products."""
    bias: Number
    result: Number


class Product(Document):
    """An input, counted from 0, times its weight."""

    input: int
    value: Number
    weight: Number
    product: Number


class WeightedSum(Document):
    """What a dense unit makes of a row of numbers."""

    kind: Literal["weighted_sum"] = "weighted_sum"
    inputs: PackedArray
    """(inputs,)"""
    weights: PackedArray
    """(inputs,)"""
    largest: tuple[Product, ...]
    """The largest products by magnitude, the largest first."""
    others: int
    """How many others there are."""
    rest: Number
    """The sum of the others."""
    sum: Number
    """Of all products."""
    bias: Number
    result: Number


class Pooling(Document):
    """One number for a window of one map: its largest, or its mean."""

    kind: Literal["largest", "mean"]
    rows: tuple[int, ...]
    """The lines of the layer before in which the window lies."""
    columns: tuple[int, ...]
    window: PackedArray
    """(lines, columns)"""
    winner: Place | None
    """Where the largest is, the first of equals; null for a mean."""
    result: Number


class Norm(Document):
    """(value − mean) / √(variance + epsilon) · scale + shift."""

    kind: Literal["norm"] = "norm"
    value: Number
    """What comes in."""
    mean: Number
    """Of batch norm the running one of its channel, of layer norm that of all values of the picture."""
    variance: Number
    """Likewise."""
    epsilon: float
    normalised: Number
    """Before it is scaled."""
    scale: Number
    shift: Number
    result: Number


class PassedOn(Document):
    """A value that goes on as it is."""

    kind: Literal["passed_on"] = "passed_on"
    source: Place
    """Where it is from, in the layer before."""
    result: Number


class ResidualSum(Document):
    """The end of a residual block: what its second convolution makes of the maps between, plus what goes past."""

    kind: Literal["residual"] = "residual"
    convolution: Convolution
    """The second one; its patch is of the maps after the block's first norm and activation."""
    norm: Norm
    past: PassedOn | Convolution
    """What goes past: as it is, or by way of a 1 × 1 convolution."""
    past_norm: Norm | None
    """That of what goes past, where it goes through a convolution."""
    result: Number


class Answer(Document):
    """A unit of the output layer: its logit, and what it means among the others."""

    kind: Literal["answer"] = "answer"
    weighted_sum: WeightedSum
    logits: tuple[Number, ...]
    """Of all units."""
    exponentials: tuple[Number, ...]
    """exp(logit − largest logit) of each class, where the output activation is softmax; else none."""
    total: Number
    """Their sum; null where there are none."""
    outputs: tuple[Number, ...]
    """Of all units."""
    loss_name: str
    loss: Number
    """What the picture adds to the loss, measured against its label; null where it has none."""
    result: Number
    """The logit."""


Arithmetic = Annotated[
    Convolution | WeightedSum | Pooling | Norm | PassedOn | ResidualSum | Answer, Field(discriminator="kind")
]
