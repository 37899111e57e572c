"""The pictures that a network learns from: one model per kind, united by `kind`. Making them is app.data's affair.

A picture is channels × height × width, each value from 0 to 1; its side is its height and its width.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from app.schemas.data import MAX_SAMPLES, Seed, Task
from app.schemas.document import Document, TagRequired, kind_of

SHAPES = ("circle", "square", "triangle", "star", "cross", "ring", "diamond", "bars")
"""The classes of drawn shapes, in order."""
MAX_PICTURE_CLASSES = 20
MIN_SIDE, MAX_SIDE = 8, 48


class Augmentation(Document):
    """Changed copies of the training pictures, so that the network sees more than there are."""

    copies: int = Field(default=0, ge=0, le=8)
    """How many changed copies of each training picture there are beside it."""
    shift: float = Field(default=0.1, ge=0, le=0.5)
    """How far a copy is moved at most, as a share of its side."""
    rotate: float = Field(default=10.0, ge=0, le=180)
    """How far a copy is turned at most, in degrees."""
    flip: bool = False
    """Whether half of the copies are mirrored, left for right."""
    noise: float = Field(default=0.0, ge=0, le=50)
    """How much noise is added to a copy, from 0 (none) to 50."""


class PictureDataBase(Document):
    """What all kinds of pictures have in common."""

    default_samples: ClassVar[int | None] = None
    """How many pictures there are where it is not given; None where all there are."""
    title: ClassVar[str]
    poses: ClassVar[Task | None] = "classification"
    """The task that it poses; None where a field says so."""

    noise: float = Field(default=0.0, ge=0, le=50)
    """How much noise is added to every picture, from 0 (none) to 50."""
    train_fraction: float = Field(default=0.8, ge=0.05, le=0.95)
    """The share of the pictures that the network trains on."""
    validation_fraction: float = Field(default=0.0, ge=0, le=0.5)
    """The share of the pictures kept for early stopping; what is left is the test part."""
    samples: int | None = Field(default=None, ge=20, le=MAX_SAMPLES)
    """How many pictures there are in all, before augmentation; as many as there are, or the usual number, where it is
    not given."""
    augmentation: Augmentation = Augmentation()
    """Changed copies of the training pictures."""
    seed: Seed | None = None
    """Draws, picks and splits the pictures; the experiment's seed where it is not given."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.train_fraction + self.validation_fraction > 0.99:
            raise ValueError("train_fraction and validation_fraction must leave at least 1 % for testing")
        return self


class Digits(PictureDataBase):
    """1,797 digits written by 43 people, 8 × 8 pixels, 16 shades of grey (Alpaydin and Kaynak 1998)."""

    title = "Digits"
    kind: Literal["digits"] = "digits"


class Shapes(PictureDataBase):
    """Drawn shapes, each at a place, of a size and at an angle of its own."""

    title = "Shapes"
    poses = None
    default_samples = 2_000
    kind: Literal["shapes"] = "shapes"
    classes: int = Field(default=4, ge=3, le=len(SHAPES))
    """How many kinds of shapes there are."""
    side: int = Field(default=20, ge=16, le=32)
    """Pixels along each side of a picture."""
    position: float = Field(default=0.6, ge=0, le=1)
    """How freely a shape is placed, from 0 (always in the middle) to 1 (anywhere within the picture)."""
    scale: float = Field(default=0.5, ge=0, le=1)
    """How much sizes differ, from 0 (all alike) to 1."""
    rotation: float = Field(default=0.2, ge=0, le=1)
    """How far shapes are turned, from 0 (not at all) to 1 (any angle)."""
    task: Literal["classification", "detection"] = "classification"
    """Whether to tell what it is, or also where: its class and its box."""


class Mnist(PictureDataBase):
    """Handwritten digits, 28 × 28 pixels (LeCun et al. 1998); fetched from OpenML once, where the server may."""

    title = "MNIST"
    default_samples = 4_000
    kind: Literal["mnist"] = "mnist"


class Cifar10(PictureDataBase):
    """Colour photographs of ten kinds, 32 × 32 pixels (Krizhevsky 2009); fetched from OpenML once, where it may."""

    title = "CIFAR-10"
    default_samples = 2_000
    kind: Literal["cifar10"] = "cifar10"


class Pictures(PictureDataBase):
    """One's own pictures, uploaded and labelled."""

    title = "Own pictures"
    kind: Literal["pictures"] = "pictures"
    dataset: str = Field(pattern="^[0-9a-f]{16,64}$")
    """The id of uploaded pictures."""
    side: int = Field(default=24, ge=MIN_SIDE, le=MAX_SIDE)
    """Pixels along each side, to which all are scaled; what is not square is cut to its middle."""
    colour: bool = True
    """Whether the network sees colours, or shades of grey."""


PICTURE_DATA_KINDS: tuple[type[PictureDataBase], ...] = (Digits, Shapes, Mnist, Cifar10, Pictures)

PictureData = Annotated[
    Annotated[Digits, Tag("digits")]
    | Annotated[Shapes, Tag("shapes")]
    | Annotated[Mnist, Tag("mnist")]
    | Annotated[Cifar10, Tag("cifar10")]
    | Annotated[Pictures, Tag("pictures")],
    Discriminator(kind_of("digits")),
    TagRequired("kind", default="digits"),
]
