"""How a network for pictures is built, layer by layer. What layers compute is app.nn's affair.

A picture is channels × height × width. Layers that keep it a picture (convolution, pooling, norms, residual blocks)
come first, then one that makes it a row of numbers (flatten, global average pooling), then dense layers.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from app.schemas.document import Document, TagRequired, kind_of
from app.schemas.network import ActivationName, AnyInitializer, HeInitializer, OutputActivationName

MAX_PICTURE_LAYERS = 24
MAX_FILTERS = 64
MAX_PICTURE_UNITS = 256

Filters = Annotated[int, Field(ge=1, le=MAX_FILTERS)]


class PictureLayerBase(Document):
    """What all layers have in common."""

    title: ClassVar[str]

    @property
    def detail(self) -> str:
        """What else makes it what it is, in few words."""
        return ""


class Conv2D(PictureLayerBase):
    """A convolution: every filter slides over the picture and answers to what it finds under it."""

    title = "Convolution"
    kind: Literal["conv2d"] = "conv2d"
    filters: Filters = 8
    """How many filters, each of which makes one map."""
    kernel: int = Field(default=3, ge=1, le=7)
    """The height and width of the patch that a filter sees."""
    stride: int = Field(default=1, ge=1, le=4)
    """How far the filter moves from one place to the next."""
    padding: int = Field(default=0, ge=0, le=6)
    """Rows and columns of zeros around the picture."""
    dilation: int = Field(default=1, ge=1, le=4)
    """How far apart the pixels are that a filter sees."""
    activation: ActivationName = "relu"
    """What is done with each sum."""

    @property
    def detail(self) -> str:
        """The window, and how it moves."""
        words = [f"{self.kernel} × {self.kernel}"]
        words += [f"stride {self.stride}"] if self.stride > 1 else []
        words += [f"padding {self.padding}"] if self.padding else []
        words += [f"dilation {self.dilation}"] if self.dilation > 1 else []
        return ", ".join(words)


class MaxPool(PictureLayerBase):
    """Keeps the largest value of each window."""

    title = "Max pooling"
    kind: Literal["max_pool"] = "max_pool"
    size: int = Field(default=2, ge=2, le=8)
    """The height and width of the window."""
    stride: int | None = Field(default=None, ge=1, le=8)
    """How far the window moves; its own size where it is not given."""

    @property
    def detail(self) -> str:
        """The window, and how it moves."""
        return _window(self.size, self.stride)


class AveragePool(PictureLayerBase):
    """Keeps the mean of each window."""

    title = "Average pooling"
    kind: Literal["average_pool"] = "average_pool"
    size: int = Field(default=2, ge=2, le=8)
    """The height and width of the window."""
    stride: int | None = Field(default=None, ge=1, le=8)
    """How far the window moves; its own size where it is not given."""

    @property
    def detail(self) -> str:
        """The window, and how it moves."""
        return _window(self.size, self.stride)


def _window(size: int, stride: int | None) -> str:
    return f"{size} × {size}" + (f", stride {stride}" if stride not in (None, size) else "")


class GlobalAveragePool(PictureLayerBase):
    """The mean of each map: one number for each filter (Lin et al. 2013)."""

    title = "Global average pooling"
    kind: Literal["global_average_pool"] = "global_average_pool"


class BatchNorm(PictureLayerBase):
    """Brings each channel to mean 0 and deviation 1 over the batch, then scales and shifts it (Ioffe, Szegedy 2015)."""

    title = "Batch norm"
    kind: Literal["batch_norm"] = "batch_norm"
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """How much of the running mean and variance stays at each step; they are what evaluation uses."""
    activation: ActivationName = "linear"
    """What is done with each value afterwards."""


class LayerNorm(PictureLayerBase):
    """Brings all values of a sample to mean 0 and deviation 1, then scales and shifts each channel (Ba et al. 2016)."""

    title = "Layer norm"
    kind: Literal["layer_norm"] = "layer_norm"
    activation: ActivationName = "linear"
    """What is done with each value afterwards."""


class Dropout(PictureLayerBase):
    """Leaves out each value with some chance at each training step (Srivastava et al. 2014)."""

    title = "Dropout"
    kind: Literal["dropout"] = "dropout"
    rate: float = Field(default=0.25, ge=0, le=0.95)
    """The chance that a value is left out."""


class Flatten(PictureLayerBase):
    """Lays all maps out in one row of numbers, channel by channel, line by line."""

    title = "Flatten"
    kind: Literal["flatten"] = "flatten"


class PictureDense(PictureLayerBase):
    """A fully connected layer: every unit sees every number of the row before."""

    title = "Dense"
    kind: Literal["dense"] = "dense"
    units: int = Field(default=32, ge=1, le=MAX_PICTURE_UNITS)
    """How many units the layer has."""
    activation: ActivationName = "relu"
    """What each unit does with its weighted sum."""


class Residual(PictureLayerBase):
    """Two 3 × 3 convolutions with batch norm, whose result is added to what came in (He et al. 2016).

    What came in goes by way of a 1 × 1 convolution with batch norm where its shape differs.
    """

    title = "Residual block"
    kind: Literal["residual"] = "residual"
    filters: Filters = 16
    """How many maps it makes."""
    stride: int = Field(default=1, ge=1, le=2)
    """That of its first convolution, and of its way past."""
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """How much of the running means and variances stays at each step."""
    activation: ActivationName = "relu"
    """What is done after the first norm, and after the addition."""

    @property
    def detail(self) -> str:
        """The window, and how it moves."""
        return f"stride {self.stride}" if self.stride > 1 else ""


PICTURE_LAYERS: tuple[type[PictureLayerBase], ...] = (
    Conv2D,
    MaxPool,
    AveragePool,
    GlobalAveragePool,
    BatchNorm,
    LayerNorm,
    Dropout,
    Flatten,
    PictureDense,
    Residual,
)

PictureLayer = Annotated[
    Annotated[Conv2D, Tag("conv2d")]
    | Annotated[MaxPool, Tag("max_pool")]
    | Annotated[AveragePool, Tag("average_pool")]
    | Annotated[GlobalAveragePool, Tag("global_average_pool")]
    | Annotated[BatchNorm, Tag("batch_norm")]
    | Annotated[LayerNorm, Tag("layer_norm")]
    | Annotated[Dropout, Tag("dropout")]
    | Annotated[Flatten, Tag("flatten")]
    | Annotated[PictureDense, Tag("dense")]
    | Annotated[Residual, Tag("residual")],
    Discriminator(kind_of("dense")),
    TagRequired("kind", default="dense"),
]


def activation_of(layer: BaseModel) -> ActivationName | None:
    """What a layer does with each sum, where it does something."""
    return getattr(layer, "activation", None)


LENET: tuple[PictureLayer, ...] = (
    Conv2D(kind="conv2d", filters=6, kernel=5, padding=2),
    MaxPool(kind="max_pool"),
    Conv2D(kind="conv2d", filters=16, kernel=3, padding=1),
    MaxPool(kind="max_pool"),
    Flatten(kind="flatten"),
    PictureDense(kind="dense", units=84),
)
"""After LeCun et al. 1998, with the activations and the pooling that are used today.

Kinds count as given, because a merge patch that takes one of the layers over must name them.
"""


PictureInitializer = Annotated[AnyInitializer, Discriminator(kind_of("he")), TagRequired("kind", default="he")]


class PictureNetwork(Document):
    """A network for pictures: layers in order, then the output layer that the task asks for."""

    layers: tuple[PictureLayer, ...] = Field(default=LENET, max_length=MAX_PICTURE_LAYERS)
    """First to last, without the output layer."""
    output_activation: OutputActivationName | None = None
    """The activation of the output layer; what loss and task want where it is not given."""
    init: PictureInitializer = HeInitializer()
    """How the first weights and biases are drawn."""
