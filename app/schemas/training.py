"""How a network is trained: loss, optimiser, schedule, regularisation. What they compute is app.nn's affair.

Optimisers follow optax 0.2.8, defaults included.
"""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Discriminator, Field, Tag

from app.schemas.document import Document, TagRequired, kind_of

LossName = Literal[
    "half_squared_error",
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "binary_cross_entropy",
    "categorical_cross_entropy",
    "hinge",
    "cross_entropy_and_smooth_l1",
]
LOSSES: tuple[LossName, ...] = get_args(LossName)

Fraction = Annotated[float, Field(ge=0, lt=1)]


class OptimizerBase(Document):
    """What all optimisers have in common."""

    title: ClassVar[str]
    learning_rate: float = Field(default=0.03, ge=0, le=1_000)
    """How far each update goes along its direction."""


class Sgd(OptimizerBase):
    """Stochastic gradient descent: straight down the slope of the batch."""

    title = "SGD"
    kind: Literal["sgd"] = "sgd"


class Momentum(OptimizerBase):
    """A heavy ball that remembers its velocity."""

    title = "Momentum"
    kind: Literal["momentum"] = "momentum"
    momentum: Fraction = 0.9
    """The share of the velocity kept at each step."""


class Nesterov(Momentum):
    """Momentum that looks where it will be."""

    title = "Nesterov"
    kind: Literal["nesterov"] = "nesterov"  # pyright: ignore[reportIncompatibleVariableOverride]


class Adagrad(OptimizerBase):
    """Divides by the root of the sum of all past squared gradients (accumulator starts at 0.1)."""

    title = "Adagrad"
    kind: Literal["adagrad"] = "adagrad"
    epsilon: float = Field(default=1e-7, gt=0, le=1)
    """Keeps the division from blowing up."""


class RmsProp(OptimizerBase):
    """Divides by the root of a running mean of squared gradients."""

    title = "RMSprop"
    kind: Literal["rmsprop"] = "rmsprop"
    decay: Fraction = 0.9
    """The share of the running mean kept at each step."""
    epsilon: float = Field(default=1e-8, gt=0, le=1)
    """Keeps the division from blowing up."""


class Adam(OptimizerBase):
    """Momentum and RMSprop together, corrected for their cold start."""

    title = "Adam"
    kind: Literal["adam"] = "adam"
    beta1: Fraction = 0.9
    """The share of the mean gradient kept at each step."""
    beta2: Fraction = 0.999
    """The share of the mean squared gradient kept at each step."""
    epsilon: float = Field(default=1e-8, gt=0, le=1)
    """Keeps the division from blowing up."""


class AdamW(Adam):
    """Adam with weight decay apart from the gradient; biases are spared."""

    title = "AdamW"
    kind: Literal["adamw"] = "adamw"  # pyright: ignore[reportIncompatibleVariableOverride]
    weight_decay: float = Field(default=1e-4, ge=0, le=10)
    """The share of each weight, times the learning rate, taken away at each step."""


class Lion(OptimizerBase):
    """Steps of equal size along the sign of a momentum; biases are spared from decay."""

    title = "Lion"
    kind: Literal["lion"] = "lion"
    beta1: Fraction = 0.9
    """Weighs the momentum in the direction of the step."""
    beta2: Fraction = 0.99
    """The share of the momentum kept at each step."""
    weight_decay: float = Field(default=1e-3, ge=0, le=10)
    """The share of each weight, times the learning rate, taken away at each step."""


OPTIMIZERS: tuple[type[OptimizerBase], ...] = (Sgd, Momentum, Nesterov, Adagrad, RmsProp, Adam, AdamW, Lion)

Optimizer = Annotated[
    Annotated[Sgd, Tag("sgd")]
    | Annotated[Momentum, Tag("momentum")]
    | Annotated[Nesterov, Tag("nesterov")]
    | Annotated[Adagrad, Tag("adagrad")]
    | Annotated[RmsProp, Tag("rmsprop")]
    | Annotated[Adam, Tag("adam")]
    | Annotated[AdamW, Tag("adamw")]
    | Annotated[Lion, Tag("lion")],
    Discriminator(kind_of("sgd")),
    TagRequired("kind", default="sgd"),
]


class ScheduleBase(Document):
    """The factor on the learning rate, a function of the number of finished epochs e."""

    title: ClassVar[str]


class ConstantSchedule(ScheduleBase):
    """Factor 1."""

    title = "Constant"
    kind: Literal["constant"] = "constant"


class StepSchedule(ScheduleBase):
    """Factor gamma^⌊e / every⌋."""

    title = "Step"
    kind: Literal["step"] = "step"
    gamma: float = Field(default=0.5, gt=0, le=1)
    """What each step multiplies the learning rate by."""
    every: int = Field(default=100, ge=1, le=1_000_000)
    """Epochs from one step to the next."""


class ExponentialSchedule(ScheduleBase):
    """Factor gamma^e."""

    title = "Exponential"
    kind: Literal["exponential"] = "exponential"
    gamma: float = Field(default=0.99, gt=0, le=1)
    """What each epoch multiplies the learning rate by."""


class CosineSchedule(ScheduleBase):
    """Factor floor + (1 - floor)·(1 + cos(π·min(e / epochs, 1))) / 2 (Loshchilov and Hutter 2017)."""

    title = "Cosine"
    kind: Literal["cosine"] = "cosine"
    epochs: int = Field(default=500, ge=1, le=1_000_000)
    """Epochs until the floor is reached."""
    floor: float = Field(default=0.0, ge=0, le=1)
    """The factor at the end."""


class WarmUpSchedule(ScheduleBase):
    """Factor min((e + 1) / epochs, 1)."""

    title = "Warm-up"
    kind: Literal["warm_up"] = "warm_up"
    epochs: int = Field(default=10, ge=1, le=1_000_000)
    """Epochs until the full learning rate is reached."""


SCHEDULES: tuple[type[ScheduleBase], ...] = (
    ConstantSchedule,
    StepSchedule,
    ExponentialSchedule,
    CosineSchedule,
    WarmUpSchedule,
)

Schedule = Annotated[
    Annotated[ConstantSchedule, Tag("constant")]
    | Annotated[StepSchedule, Tag("step")]
    | Annotated[ExponentialSchedule, Tag("exponential")]
    | Annotated[CosineSchedule, Tag("cosine")]
    | Annotated[WarmUpSchedule, Tag("warm_up")],
    Discriminator(kind_of("constant")),
    TagRequired("kind", default="constant"),
]


class Regularization(Document):
    """Adds l1·Σ|w| + l2·½Σw² to the objective; biases are spared."""

    l1: float = Field(default=0.0, ge=0, le=100)
    """Pulls small weights to exactly nothing."""
    l2: float = Field(default=0.0, ge=0, le=100)
    """Pulls large weights towards nothing."""


class ClippingBase(Document):
    """Bounds the gradient of the objective, penalty included, before the optimiser sees it."""

    title: ClassVar[str]


class NoClipping(ClippingBase):
    """The gradient stays as it is."""

    title = "None"
    kind: Literal["none"] = "none"


class NormClipping(ClippingBase):
    """The whole gradient is shortened to `threshold` where its Euclidean norm is larger."""

    title = "By norm"
    kind: Literal["norm"] = "norm"
    threshold: float = Field(default=1.0, gt=0, le=1e6)
    """The largest norm."""


class ValueClipping(ClippingBase):
    """Each component is clamped to ±threshold."""

    title = "By value"
    kind: Literal["value"] = "value"
    threshold: float = Field(default=1.0, gt=0, le=1e6)
    """The largest magnitude of a component."""


CLIPPINGS: tuple[type[ClippingBase], ...] = (NoClipping, NormClipping, ValueClipping)

Clipping = Annotated[
    Annotated[NoClipping, Tag("none")] | Annotated[NormClipping, Tag("norm")] | Annotated[ValueClipping, Tag("value")],
    Discriminator(kind_of("none")),
    TagRequired("kind", default="none"),
]


class EarlyStopping(Document):
    """Ends the run when the validation loss has not improved for `patience` epochs."""

    patience: int = Field(default=50, ge=1, le=1_000_000)
    """Epochs without improvement that are waited for."""
    min_delta: float = Field(default=0.0, ge=0, le=10)
    """What counts as an improvement of the loss."""


class Training(Document):
    """Everything that may change while the network learns."""

    loss: LossName | None = None
    """What is minimised; half squared error, or categorical cross-entropy from three classes on, where not given."""
    batch_size: int = Field(default=10, ge=1, le=1_000_000)
    """Samples for each update; more than there are means all of them."""
    shuffle: bool = True
    """Whether every epoch goes through the samples in a new order."""
    balance_classes: bool = False
    """Whether samples of rare classes count the more in updates, so that each class counts alike; losses are told as
    they are. A regression has no classes."""
    optimizer: Optimizer = Sgd()
    """The rule that turns gradients into updates."""
    schedule: Schedule = ConstantSchedule()
    """How the learning rate changes over the epochs."""
    regularization: Regularization = Regularization()
    """The penalty on large weights."""
    clipping: Clipping = NoClipping()
    """The bound on the gradient."""
    early_stopping: EarlyStopping | None = None
    """When to stop by itself; needs a validation part."""
