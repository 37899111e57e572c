"""What the network learns from: one model per kind of data, united by `kind`.

Fields left out take the reference's defaults; `samples` and `seed` are derived where they are not given
(app.schemas.resolve). How points are drawn is app.data's affair.
"""

from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from app.schemas.document import Document, TagRequired, kind_of

FeatureName = Literal["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)", "cos(x1)", "cos(x2)", "radius"]
Scaling = Literal["none", "standard", "min_max"]
Task = Literal["classification", "regression", "detection"]

FEATURES: tuple[FeatureName, ...] = get_args(FeatureName)
MAX_SAMPLES = 8_192
MAX_CLASSES = 8
MAX_INLINE_POINTS = 200

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Point = tuple[float, float, float]
Interval = tuple[float, float]


class DataBase(Document):
    """What all kinds of data have in common."""

    default_samples: ClassVar[int] = 500
    title: ClassVar[str]
    poses: ClassVar[Task | None] = "classification"
    """The task that it poses; None where that depends on the points."""

    noise: float = Field(default=0.0, ge=0, le=50)
    """How much the points are disturbed, from 0 (not at all) to 50."""
    train_fraction: float = Field(default=0.5, ge=0.05, le=0.95)
    """The share of the points that the network trains on."""
    validation_fraction: float = Field(default=0.0, ge=0, le=0.5)
    """The share of the points kept for early stopping; what is left is the test part."""
    features: tuple[FeatureName, ...] = Field(default=("x1", "x2"), min_length=1, max_length=len(FEATURES))
    """What the network is fed: the coordinates and functions of them."""
    scaling: Scaling = "none"
    """How features are scaled, fitted on the training part: `standard` to mean 0 and deviation 1, `min_max` to 0..1."""
    seed: Seed | None = None
    """Draws the points and the split; the experiment's seed where it is not given."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(set(self.features)) != len(self.features):
            raise ValueError("features must not repeat")
        if self.train_fraction + self.validation_fraction > 0.99:
            raise ValueError("train_fraction and validation_fraction must leave at least 1 % for testing")
        return self


class Generated(DataBase):
    """Points drawn from a formula."""

    samples: int | None = Field(default=None, ge=10, le=MAX_SAMPLES)
    """How many points are drawn in all; the reference's number where it is not given."""


class Circle(Generated):
    """A disc of one class inside a ring of the other."""

    title = "Circle"
    kind: Literal["circle"] = "circle"


class Xor(Generated):
    """Four squares: the class is the sign of x1·x2 (exclusive or)."""

    title = "Exclusive or"
    kind: Literal["xor"] = "xor"


class Gaussian(Generated):
    """Two round clouds that a straight line can part."""

    title = "Gaussian"
    kind: Literal["gaussian"] = "gaussian"


class Spiral(Generated):
    """Arms wound into each other; the hardest of the classic four."""

    title = "Spiral"
    kind: Literal["spiral"] = "spiral"
    classes: int = Field(default=2, ge=2, le=6)
    """How many arms, each a class."""


class Moons(Generated):
    """Half moons that interlock."""

    title = "Moons"
    kind: Literal["moons"] = "moons"
    classes: int = Field(default=2, ge=2, le=6)
    """How many moons, each a class."""


class Rings(Generated):
    """Rings around each other, each a class."""

    title = "Rings"
    kind: Literal["rings"] = "rings"
    classes: int = Field(default=3, ge=2, le=6)
    """How many rings, each a class."""


class Blobs(Generated):
    """Round clouds on a circle, each a class."""

    title = "Blobs"
    kind: Literal["blobs"] = "blobs"
    classes: int = Field(default=3, ge=2, le=6)
    """How many clouds, each a class."""


class Plane(Generated):
    """A slope: the value grows along the diagonal (regression)."""

    title = "Plane"
    poses = "regression"
    default_samples = 1_200
    kind: Literal["plane"] = "plane"


class MultiGaussian(Generated):
    """Six hills and hollows (regression)."""

    title = "Multi Gaussian"
    poses = "regression"
    default_samples = 1_200
    kind: Literal["multi_gaussian"] = "multi_gaussian"


IrisColumn = Literal["sepal_length", "sepal_width", "petal_length", "petal_width"]
WineColumn = Literal[
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
]


class Iris(DataBase):
    """150 real irises of three species; two of their four measures in centimetres."""

    title = "Iris"
    kind: Literal["iris"] = "iris"
    columns: tuple[IrisColumn, IrisColumn] = ("petal_length", "petal_width")
    """The two measures that become x1 and x2."""


class Wine(DataBase):
    """178 real wines of three growers; two of their thirteen measures."""

    title = "Wine"
    kind: Literal["wine"] = "wine"
    columns: tuple[WineColumn, WineColumn] = ("flavanoids", "color_intensity")
    """The two measures that become x1 and x2."""


class Points(DataBase):
    """One's own points, inline or uploaded as CSV."""

    title = "Own points"
    poses = None
    kind: Literal["points"] = "points"
    points: tuple[Point, ...] | None = Field(default=None, min_length=2, max_length=MAX_INLINE_POINTS, fail_fast=True)
    """Up to 200 points `[x, y, label]`."""
    dataset: str | None = Field(default=None, pattern="^[0-9a-f]{16,64}$")
    """The id of an uploaded dataset."""
    task: Literal["classification", "regression"] | None = None
    """Whether the third column is a class or a value; told from the data where it is not given."""
    domain: tuple[Interval, Interval] | None = None
    """The part of the plane that is drawn: lowest and highest x1, lowest and highest x2; fitted to the points where it
    is not given."""

    @model_validator(mode="after")
    def _check_points(self) -> Self:
        if (self.points is None) == (self.dataset is None):
            raise ValueError("give either `points` or the id of an uploaded `dataset`")
        if any(low >= high for low, high in self.domain or ()):
            raise ValueError("the low ends of the domain must be below the high ends")
        return self


DATA_KINDS: tuple[type[DataBase], ...] = (
    Circle,
    Xor,
    Gaussian,
    Spiral,
    Moons,
    Rings,
    Blobs,
    Plane,
    MultiGaussian,
    Iris,
    Wine,
    Points,
)

Data = Annotated[
    Annotated[Circle, Tag("circle")]
    | Annotated[Xor, Tag("xor")]
    | Annotated[Gaussian, Tag("gaussian")]
    | Annotated[Spiral, Tag("spiral")]
    | Annotated[Moons, Tag("moons")]
    | Annotated[Rings, Tag("rings")]
    | Annotated[Blobs, Tag("blobs")]
    | Annotated[Plane, Tag("plane")]
    | Annotated[MultiGaussian, Tag("multi_gaussian")]
    | Annotated[Iris, Tag("iris")]
    | Annotated[Wine, Tag("wine")]
    | Annotated[Points, Tag("points")],
    Discriminator(kind_of("circle")),
    TagRequired("kind", default="circle"),
]
