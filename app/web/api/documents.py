"""Bodies that only the REST interface knows. Those of runs, experiments and commands are in app.schemas."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, FailFast, Field, JsonValue, Tag

from app.runs.archive import Name, Notes, Tags
from app.schemas.comparison import MOST_RUNS
from app.schemas.document import Document
from app.schemas.experiment import Experiment
from app.schemas.picture_data import MAX_SIDE
from app.schemas.run import Count, Part, RunDocument
from app.schemas.sweep import SweepDocument

MAX_PREDICTIONS = 10_000

Row = Annotated[tuple[float, ...], Field(min_length=1, max_length=3 * MAX_SIDE**2)]
Line = Annotated[tuple[float, ...], Field(min_length=1, max_length=MAX_SIDE)]
Picture = Annotated[
    tuple[Annotated[tuple[Line, ...], Field(min_length=1, max_length=MAX_SIDE)], ...], Field(min_length=1, max_length=3)
]
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


def _input_kind(value: object) -> str:
    items = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    return "picture" if items and isinstance(items[0], list | tuple) else "row"


Input = Annotated[Annotated[Row, Tag("row")] | Annotated[Picture, Tag("picture")], Discriminator(_input_kind)]


class PredictRequest(Document):
    """Points, or pictures, to ask the network about."""

    inputs: Annotated[tuple[Input, ...], FailFast()] = Field(max_length=MAX_PREDICTIONS)
    """One row `[x1, x2]` for each point: raw coordinates, before features and scaling. A picture is its channels, each
    its lines, each its values from 0 to 1; or all of its values in one row."""


class DrawnPicture(Document):
    """A picture that is none of a run's."""

    picture: Input
    """Its channels, each its lines, each its values from 0 to 1; or all of its values in one row."""


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
    x_train: tuple[tuple[JsonValue, ...], ...]
    """Rows of numbers, or pictures: channels of lines of values."""
    y_train: tuple[tuple[Number, ...], ...]
    """Targets in the loss's encoding: ±1, 0/1, one-hot, or values."""
    x_validation: tuple[tuple[JsonValue, ...], ...]
    y_validation: tuple[tuple[Number, ...], ...]
    x_test: tuple[tuple[JsonValue, ...], ...]
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


class PackedPictures(Document):
    """Values as bytes: value = low + byte / 255 · (high − low)."""

    dtype: Literal["uint8"]
    shape: tuple[int, ...]
    """Pictures, channels, height, width."""
    data: str
    """base64."""
    range: tuple[float, float]
    """Low and high."""


class PicturesDocument(Document):
    """Some of the pictures that a run learns from or is judged by."""

    shape: tuple[int, int, int]
    """Channels, height and width."""
    class_names: tuple[str, ...]
    counts: dict[Part, int]
    """How many there are of each part."""
    class_counts: dict[Part, tuple[int, ...]]
    """How many there are of each class in each part."""
    rows: tuple[int, ...]
    """Which these are: rows are numbered through all parts, training first, then validation, then test."""
    labels: tuple[int, ...]
    boxes: tuple[tuple[float, ...], ...] | None
    """Of a detection: the middle's x and y, width and height, as shares of the side."""
    pictures: PackedPictures


class AnswersDocument(Document):
    """What the network answers to every picture of a part, as it now is; lists of equal length."""

    part: Part
    rows: tuple[int, ...]
    labels: tuple[int, ...]
    predicted: tuple[int, ...]
    probability: tuple[Number, ...]
    """Of the predicted class."""
    loss: tuple[Number, ...]
    iou: tuple[Number, ...] | None
    """Of a detection: how much the boxes overlap (intersection over union)."""
