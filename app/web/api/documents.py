"""Bodies that only the REST interface knows. Those of runs, experiments and commands are in app.schemas."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import FailFast, Field, JsonValue, RootModel

from app.data.pictures.uploads import MOST_SNAPSHOTS
from app.runs.archive import Name, Notes, Tags
from app.schemas.comparison import MOST_RUNS
from app.schemas.data import Task
from app.schemas.document import Document
from app.schemas.experiment import Experiment
from app.schemas.run import Count, RunDocument
from app.schemas.sweep import SweepDocument

MAX_PREDICTIONS = 10_000
PREVIEW_ROWS = 10

Row = Annotated[tuple[float, ...], Field(min_length=1, max_length=64)]
Number = float | None
"""A number, or null where it is not finite."""


class ListedRun(RunDocument):
    """A run in a list."""

    name: str
    """What its owner has called it; nothing where it has no name."""
    notes: str
    tags: tuple[str, ...]
    created: datetime
    touched: datetime
    """When it last trained or was changed."""
    bytes: int
    """How much of the server's memory on disk it takes."""


class RunList(Document):
    """Runs of the caller, those touched last first."""

    runs: tuple[ListedRun, ...]


class ComparedRuns(Document):
    """Runs that were made together to be compared."""

    runs: tuple[RunDocument, ...]
    links: dict[str, str]
    """Their table (`self`), and the page that shows them side by side."""


class ComparisonTable(Document):
    """What differs between runs, and how they do."""

    columns: tuple[str, ...]
    """`run`, `name`, the path of each field in which they differ, `status`, `step`, `epoch`, and each metric of each
    part, such as `train_loss`, exact for the state at `step`."""
    rows: tuple[tuple[JsonValue, ...], ...]
    """One for each run; null where it has no such field, or no such number yet."""


class SweepList(Document):
    """Sweeps of the caller, the newest first; of the trials of each none but the best."""

    sweeps: tuple[SweepDocument, ...]


class SweepCommand(Document):
    """What a sweep can be told."""

    type: Literal["stop"]
    """End it where it stands."""


class SweepRuns(Document):
    """Which trials of a sweep are to become runs."""

    trials: tuple[Count, ...] | None = Field(default=None, min_length=1, max_length=MOST_RUNS)
    """By their indices; the best one alone where none is given."""


class LabelPatch(Document):
    """What somebody calls a run; what is left out stays as it is."""

    name: Name | None = None
    notes: Notes | None = None
    tags: Tags | None = None


class ShareLink(Document):
    """How others can look at a run."""

    url: str
    """The link, as a path of this server."""


class PredictRequest(Document):
    """Points to ask the network about."""

    inputs: Annotated[tuple[Row, ...], FailFast()] = Field(max_length=MAX_PREDICTIONS)
    """One row `[x1, x2]` for each point: raw coordinates, before features and scaling."""


class Predictions(Document):
    """What the network answers, as it now is."""

    outputs: tuple[tuple[Number, ...], ...]
    """One row for each point, one number for each output."""


class HistoryDocument(Document):
    """The recorded metrics of a run since its last start at step 0."""

    columns: tuple[str, ...]
    """`step`, `epoch`, `revision`, then each metric of each part, such as `train_loss`."""
    rows: tuple[tuple[Number, ...], ...]
    """One row for each recorded epoch; null where a part is empty or a number is not finite."""


class ArraysDocument(Document):
    """The arrays that a run sees, after features, scaling and split."""

    columns: tuple[str, ...]
    """The features, one for each column of `x_…`."""
    class_names: tuple[str, ...]
    """One name for each class, in the order of their indices; empty for regression."""
    x_train: tuple[tuple[Number, ...], ...]
    y_train: tuple[tuple[Number, ...], ...]
    """Targets in the loss's encoding: ±1, 0/1, one-hot, or values."""
    x_validation: tuple[tuple[Number, ...], ...]
    y_validation: tuple[tuple[Number, ...], ...]
    x_test: tuple[tuple[Number, ...], ...]
    y_test: tuple[tuple[Number, ...], ...]


class PresetSuggestion(Document):
    """What to try next."""

    text: str
    patch: dict[str, Any]
    """The same as a merge patch."""


class PresetDocument(Document):
    """An Experiment that teaches one thing."""

    id: str
    title: str
    shows: str
    """What one sees."""
    suggestion: PresetSuggestion
    tags: tuple[str, ...]
    experiment: Experiment
    epochs: int
    """How long to train it to see that."""
    links: dict[str, str]
    """Where it can be opened."""


class PresetList(Document):
    """All presets, the easiest first."""

    presets: tuple[PresetDocument, ...]


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
