"""What the tests of app.data.pictures share: making pictures from JSON, as a visitor would."""

import numpy as np

from app.data.dataset import PictureSet, PreparedPictures
from app.data.pictures.archive import PictureArchive
from app.data.pictures.prepare import prepare_pictures
from app.data.pictures.registry import draw_pictures
from app.schemas.document import parse_value
from app.schemas.experiment import PictureExperiment
from app.schemas.picture_data import MAX_SIDE


def experiment(data: dict[str, object], loss: str = "categorical_cross_entropy") -> PictureExperiment:
    """One whose derived defaults are given."""
    document = {"family": "cnn", "data": {"seed": 0, **data}, "training": {"loss": loss}}
    return parse_value(PictureExperiment, document)


def drawn(kind: str, *, seed: int = 0, archive: PictureArchive | None = None, **fields: object) -> PictureSet:
    return draw_pictures(experiment({"kind": kind, **fields}).data, seed, archive)


def prepared(data: dict[str, object], **others: str) -> PreparedPictures:
    given = experiment(data, **others)
    return prepare_pictures(given, draw_pictures(given.data, given.data.seed or 0, None))


def archive_of(*classes: int) -> PictureArchive:
    """So many pictures of each class, every pixel of another colour."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (sum(classes), 3, MAX_SIDE, MAX_SIDE), dtype=np.uint8)
    names = tuple(f"class {index}" for index in range(len(classes)))
    return PictureArchive(names, pictures, np.repeat(np.arange(len(classes)), classes))
