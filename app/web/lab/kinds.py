"""The kinds of data as tiles to choose from, by the problem that they pose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.schemas.data import DATA_KINDS, DataBase, Task
from app.schemas.picture_data import PICTURE_DATA_KINDS, PictureDataBase, Pictures


@dataclass(frozen=True)
class KindTile:
    """One kind of data to choose."""

    value: str
    name: str
    title: str
    hint: str
    chosen: bool


_SHORT_NAMES = {"xor": "XOR", "multi_gaussian": "Hills", "cifar10": "CIFAR"}

DEFAULT_KINDS: Mapping[Task, str] = {"classification": "circle", "regression": "plane"}
"""What is learnt from when the problem changes."""


def kind_tiles(task: Task, chosen: str) -> Iterator[KindTile]:
    """The tiles of a problem; one's own points, which may pose either, have a button of their own."""
    for model in DATA_KINDS:
        if model.poses == task:
            yield _tile(model, chosen)


def picture_kind_tiles(chosen: str) -> Iterator[KindTile]:
    """The tiles of pictures; one's own have a button of their own."""
    return (_tile(model, chosen) for model in PICTURE_DATA_KINDS if model is not Pictures)


def _tile(model: type[DataBase] | type[PictureDataBase], chosen: str) -> KindTile:
    kind = str(model.model_fields["kind"].default)
    hint = " ".join((model.__doc__ or "").split())
    return KindTile(kind, _SHORT_NAMES.get(kind, model.title), model.title, hint, kind == chosen)
