"""What the REST interface says of uploaded datasets, and how pictures are uploaded as JSON."""

from typing import Annotated

from pydantic import FailFast, Field, RootModel

from app.data.pictures.uploads import MOST_SNAPSHOTS
from app.schemas.data import Task
from app.schemas.document import Document

PREVIEW_ROWS = 10


class PointsReference(Document):
    """The `data` of an Experiment that uses an uploaded dataset."""

    kind: str = "points"
    dataset: str
    """The dataset's id."""


class PointDatasetDocument(Document):
    """An uploaded dataset of points."""

    id: str
    """The hash of its content: the same table has the same id."""
    rows: int
    """How many points it has."""
    columns: tuple[str, str, str]
    """What x1, x2 and the label are called."""
    task: Task
    """What its third column is taken for, where the Experiment does not say."""
    classes: int
    """How many classes it has; 0 for regression."""
    class_names: tuple[str, ...]
    """One name for each class, the negative one of two first."""
    preview: tuple[tuple[float, float, float | str], ...] = Field(max_length=PREVIEW_ROWS)
    """The first rows."""
    data: PointsReference
    """What to put under `data` of an Experiment to learn from it."""
    links: dict[str, str]
    """Where this can be had again."""


class Snapshot(Document):
    """A labelled picture."""

    label: str
    """Its class."""
    data: str
    """A PNG, JPEG, GIF, BMP or WebP file in base64, or such a data URL."""


class PictureUpload(Document):
    """Pictures to learn from, such as those of a camera."""

    pictures: Annotated[tuple[Snapshot, ...], FailFast()] = Field(min_length=1, max_length=MOST_SNAPSHOTS)
    """At least four, of two classes or more."""


class PicturesReference(Document):
    """The `data` of an Experiment that uses uploaded pictures."""

    kind: str = "pictures"
    dataset: str
    """The dataset's id."""


class PictureClass(Document):
    """A class of uploaded pictures."""

    name: str
    count: int
    """How many pictures are of it."""


class PictureDatasetDocument(Document):
    """An uploaded dataset of pictures."""

    id: str
    """The hash of its content: the same pictures have the same id."""
    pictures: int
    """How many there are."""
    classes: tuple[PictureClass, ...]
    """In the order of their indices, which is that of the pictures."""
    side: int
    """Pixels along each side of a picture as it is kept."""
    skipped: int
    """How many files of the upload are not among them."""
    data: PicturesReference
    """What to put under `data` of an Experiment to learn from it."""
    links: dict[str, str]
    """Where this can be had again (`self`), and each picture (`pictures`, with an index from 0 for `{index}`)."""


class DatasetDocument(RootModel[PointDatasetDocument | PictureDatasetDocument]):
    """An uploaded dataset of any kind."""
