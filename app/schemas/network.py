"""How a dense network is built: layers, activations, initialisers. What they compute is app.nn's affair."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Discriminator, Field, Tag

from app.schemas.document import Document, TagRequired, kind_of

ActivationName = Literal[
    "linear",
    "sigmoid",
    "tanh",
    "hard_tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "sine",
]
OutputActivationName = Literal["linear", "sigmoid", "tanh", "softmax"]

ACTIVATIONS: tuple[ActivationName, ...] = get_args(ActivationName)
OUTPUT_ACTIVATIONS: tuple[OutputActivationName, ...] = get_args(OutputActivationName)
MAX_LAYERS = 8
MAX_UNITS = 64


class DenseLayer(Document):
    """A fully connected layer: every unit sees every output of the layer before."""

    kind: Literal["dense"] = "dense"
    units: int = Field(default=2, ge=1, le=MAX_UNITS)
    """How many neurons the layer has."""
    activation: ActivationName = "tanh"
    """What each neuron does with its weighted sum."""
    dropout: float = Field(default=0.0, ge=0, le=0.95)
    """The chance that an output of this layer is left out at a training step."""


class InitializerBase(Document):
    """How the first weights are drawn."""

    title: ClassVar[str]
    bias: float = Field(default=0.0, ge=-10, le=10)
    """Every bias starts at this value."""


class ScaledInitializer(InitializerBase):
    """A variance that depends on how many connections meet in a unit."""

    distribution: Literal["uniform", "normal"] = "uniform"
    """The shape of the distribution that the weights are drawn from."""


class UniformInitializer(InitializerBase):
    """The reference's: weights uniform in ±scale."""

    title = "Uniform"
    kind: Literal["uniform"] = "uniform"
    scale: float = Field(default=0.5, ge=0, le=10)
    """The largest weight in magnitude."""
    bias: float = Field(default=0.1, ge=-10, le=10)


class XavierInitializer(ScaledInitializer):
    """Variance 2 / (fan in + fan out), made for tanh and sigmoid (Glorot and Bengio 2010)."""

    title = "Xavier"
    kind: Literal["xavier"] = "xavier"


class HeInitializer(ScaledInitializer):
    """Variance 2 / fan in, made for ReLU (He et al. 2015)."""

    title = "He"
    kind: Literal["he"] = "he"


class LecunInitializer(ScaledInitializer):
    """Variance 1 / fan in, made for SELU (LeCun et al. 1998)."""

    title = "LeCun"
    kind: Literal["lecun"] = "lecun"


class OrthogonalInitializer(InitializerBase):
    """Weights whose rows or columns are orthonormal, times `gain` (Saxe et al. 2014)."""

    title = "Orthogonal"
    kind: Literal["orthogonal"] = "orthogonal"
    gain: float = Field(default=1.0, ge=0, le=10)
    """The length of each row or column."""


class ZerosInitializer(InitializerBase):
    """All weights 0: every neuron of a layer stays the twin of the others. Try it once."""

    title = "Zeros"
    kind: Literal["zeros"] = "zeros"


INITIALIZERS: tuple[type[InitializerBase], ...] = (
    UniformInitializer,
    XavierInitializer,
    HeInitializer,
    LecunInitializer,
    OrthogonalInitializer,
    ZerosInitializer,
)

AnyInitializer = (
    Annotated[UniformInitializer, Tag("uniform")]
    | Annotated[XavierInitializer, Tag("xavier")]
    | Annotated[HeInitializer, Tag("he")]
    | Annotated[LecunInitializer, Tag("lecun")]
    | Annotated[OrthogonalInitializer, Tag("orthogonal")]
    | Annotated[ZerosInitializer, Tag("zeros")]
)
Initializer = Annotated[AnyInitializer, Discriminator(kind_of("uniform")), TagRequired("kind", default="uniform")]


class DenseNetwork(Document):
    """A multilayer perceptron: hidden layers in order, then the output layer that the task asks for."""

    layers: tuple[DenseLayer, ...] = Field(default=(DenseLayer(units=4), DenseLayer(units=2)), max_length=MAX_LAYERS)
    """The hidden layers, first to last."""
    output_activation: OutputActivationName | None = None
    """The activation of the output layer; what loss and task want where it is not given."""
    init: Initializer = UniformInitializer()
    """How the first weights and biases are drawn."""
