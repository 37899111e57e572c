"""How a network for pictures is trained: as any other, with defaults of its own."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from app.schemas.document import TagRequired, kind_of
from app.schemas.training import Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, RmsProp, Sgd, Training

MAX_PICTURE_BATCH = 256


class PictureAdam(Adam):
    """Adam with smaller steps, as networks of pictures want them."""

    learning_rate: float = Field(default=0.003, ge=0, le=1_000)
    """How far each update goes along its direction."""


PictureOptimizer = Annotated[
    Annotated[Sgd, Tag("sgd")]
    | Annotated[Momentum, Tag("momentum")]
    | Annotated[Nesterov, Tag("nesterov")]
    | Annotated[Adagrad, Tag("adagrad")]
    | Annotated[RmsProp, Tag("rmsprop")]
    | Annotated[PictureAdam, Tag("adam")]
    | Annotated[AdamW, Tag("adamw")]
    | Annotated[Lion, Tag("lion")],
    Discriminator(kind_of("adam")),
    TagRequired("kind", default="adam"),
]


class PictureTraining(Training):
    """The same for a network of pictures, which wants other defaults."""

    batch_size: int = Field(default=32, ge=1, le=MAX_PICTURE_BATCH)
    """Samples for each update; more than there are means all of them."""
    optimizer: PictureOptimizer = PictureAdam()  # pyright: ignore[reportIncompatibleVariableOverride]
    """The rule that turns gradients into updates."""
