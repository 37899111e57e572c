"""Uploaded pictures, as an experiment sees them: of the size and with the colours that it asks for."""

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import PictureSet
from app.data.pictures.archive import PictureArchive
from app.data.pictures.selection import pick, sample_count
from app.errors import InvalidInput
from app.schemas.picture_data import Pictures
from app.schemas.resolve import Problem

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""How bright red, green and blue look (ITU-R BT.601)."""


def own_pictures(spec: Pictures, archive: PictureArchive | None, rng: np.random.Generator) -> PictureSet:
    """All of `archive`, the upload that `spec` names, or `spec.samples` of it, as many of each class as there are.

    Raises InvalidInput where there is no such upload, or where so many do not fit.
    """
    if archive is None:
        raise InvalidInput.at("data.dataset", f"no pictures {spec.dataset} were uploaded")
    shape = (3 if spec.colour else 1, spec.side, spec.side)
    rows = pick(archive.labels, sample_count(spec, shape, archive.labels.size), rng)
    pictures = scaled(archive.pictures[rows], spec.side)
    if not spec.colour:
        pictures = np.tensordot(pictures, _LUMA, axes=(1, 0))[:, np.newaxis]
    labels = archive.labels[rows].astype(np.float64)
    problem = Problem("classification", len(archive.class_names))
    return PictureSet(labels, problem, archive.class_names, np.minimum(pictures / np.float32(255), np.float32(1)), None)


def scaled(pictures: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """`pictures` (n, channels, height, width) at `side` × `side` pixels, each the mean of what it covers."""
    by_rows = np.einsum("ih,nchw->nciw", _shares(pictures.shape[2], side), pictures, optimize=True)
    return np.einsum("jw,nciw->ncij", _shares(pictures.shape[3], side), by_rows, optimize=True)


def _shares(length: int, side: int) -> NDArray[np.float32]:
    """How much (side, length) of each new pixel comes from each old one."""
    edges = np.arange(side + 1) * (length / side)
    old = np.arange(length)
    covered = np.minimum(edges[1:, np.newaxis], old + 1) - np.maximum(edges[:-1, np.newaxis], old)
    return (np.maximum(covered, 0) * (side / length)).astype(np.float32)
