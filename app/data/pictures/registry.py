"""Which function makes which kind of pictures, and `draw_pictures`, the way in; noise is added to all alike."""

from dataclasses import replace
from typing import assert_never

import numpy as np

from app.data.dataset import PictureSet
from app.data.pictures.archive import PictureArchive
from app.data.pictures.digits import digits
from app.data.pictures.noise import with_noise
from app.data.pictures.openml import cifar10, mnist
from app.data.pictures.own import own_pictures
from app.data.pictures.shapes import shapes
from app.data.streams import stream
from app.schemas.picture_data import Cifar10, Digits, Mnist, PictureData, Pictures, Shapes


def draw_pictures(spec: PictureData, seed: int, archive: PictureArchive | None) -> PictureSet:
    """The pictures that `spec` describes, the same for the same `seed`.

    `archive` is the upload that own pictures name (`data.dataset`), None for all else. Raises InvalidInput where there
    are not so many pictures, where so many do not fit, or where they can be had from nowhere.
    """
    drawn = _drawn(spec, stream(seed, "data"), archive)
    return replace(drawn, pictures=with_noise(drawn.pictures, spec.noise, stream(seed, "noise")))


def _drawn(spec: PictureData, rng: np.random.Generator, archive: PictureArchive | None) -> PictureSet:
    match spec:
        case Digits():
            return digits(spec, rng)
        case Shapes():
            return shapes(spec, rng)
        case Mnist():
            return mnist(spec, rng)
        case Cifar10():
            return cifar10(spec, rng)
        case Pictures():
            return own_pictures(spec, archive, rng)
    assert_never(spec)
