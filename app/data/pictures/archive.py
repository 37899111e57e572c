"""Uploaded pictures as they are kept: all of one size, labelled, and the one form in which they are stored as bytes.

How uploads are read is app.data.pictures.uploads' affair, what an experiment sees of them app.data.pictures.own's.
"""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Self, cast

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json, to_json
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.errors import MalformedInput
from app.schemas.picture_data import MAX_PICTURE_CLASSES, MAX_SIDE

MOST_PICTURES = 5_000
LEAST_PICTURES = 4
LEAST_CLASSES = 2

_SHAPE = (3, MAX_SIDE, MAX_SIDE)
_MOST_BYTES = MOST_PICTURES * (3 * MAX_SIDE * MAX_SIDE + 8) + 100_000


@dataclass(frozen=True, eq=False)
class PictureArchive:
    """Pictures of two or more classes, in the order of these."""

    class_names: tuple[str, ...]
    """One for each class."""
    pictures: NDArray[np.uint8]
    """(n, 3, MAX_SIDE, MAX_SIDE) red, green and blue from 0 to 255."""
    labels: NDArray[np.int64]
    """(n,) ascending indices of classes."""
    skipped: int = 0
    """How many files of the upload are not among them."""

    @property
    def counts(self) -> tuple[int, ...]:
        """How many pictures each class has."""
        return tuple(np.bincount(self.labels, minlength=len(self.class_names)).tolist())

    def digest(self) -> str:
        """The first 32 hexadecimal digits of the SHA-256 of its content: equal archives have equal ones."""
        return hashlib.sha256(self._tensors()).hexdigest()[:32]

    def to_bytes(self) -> bytes:
        """Everything, compressed."""
        return zlib.compress(self._tensors(), 1)

    def _tensors(self) -> bytes:
        told = to_json({"class_names": self.class_names, "skipped": self.skipped})
        return save({"pictures": self.pictures, "labels": self.labels, "told": np.frombuffer(told, np.uint8)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """What `to_bytes` wrote. Raises MalformedInput where this is anything else, without taking more memory."""
        try:
            unpacked = zlib.decompressobj()
            tensors = load(unpacked.decompress(content, _MOST_BYTES))
            told = from_json(tensors["told"].tobytes())
            names, skipped = told["class_names"], told["skipped"]
            archive = cls(tuple(names), tensors["pictures"], tensors["labels"], skipped)
        except (zlib.error, SafetensorError, ValueError, LookupError, TypeError):
            raise MalformedInput("These are no stored pictures.") from None
        if not unpacked.eof or not archive._is_sound():
            raise MalformedInput("These are no stored pictures.")
        return archive

    def _is_sound(self) -> bool:
        count = self.labels.size
        return (
            (self.pictures.dtype, self.pictures.shape) == (np.uint8, (count, *_SHAPE))
            and (self.labels.dtype, self.labels.shape) == (np.int64, (count,))
            and LEAST_PICTURES <= count <= MOST_PICTURES
            and LEAST_CLASSES <= len(self.class_names) <= MAX_PICTURE_CLASSES
            and all(isinstance(name, str) for name in cast("tuple[object, ...]", self.class_names))
            and isinstance(cast("object", self.skipped), int)
            and np.array_equal(np.unique(self.labels), np.arange(len(self.class_names)))
            and bool(np.all(np.diff(self.labels) >= 0))
        )
