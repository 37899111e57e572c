"""What people upload, as a PictureArchive: a zip, many files, or snapshots in JSON. Nothing is written to disk.

Uploads come from anybody: entries, bytes and pixels are counted while they are read, whatever a header says, so that
one takes some seconds and some hundred megabytes at most. A few pictures that cannot be read are left out and counted;
where there are more, the first of them are named.
"""

import base64
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from app.data.pictures.archive import LEAST_CLASSES, LEAST_PICTURES, MOST_PICTURES, PictureArchive
from app.data.pictures.codec import decode
from app.errors import FieldError, InvalidInput, MalformedInput, TooLarge
from app.schemas.picture_data import MAX_PICTURE_CLASSES

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
LONGEST_NAME = 60
MOST_SNAPSHOTS = 2_000

_MOST_PICTURE_BYTES = 10_000_000
_MOST_BYTES = 200_000_000
_MOST_PIXELS = 200_000_000
_MOST_ENTRIES = 20_000
"""Of a zip, those that are no pictures included: a Mac adds one for each picture."""
_UNREADABLE_SHARE = 0.05
_MOST_PROBLEMS = 20
_ENTRY = b"PK\x01\x02"
"""With this begins each entry of a zip's directory."""
_BAD_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_ENCRYPTED = 1
_TOO_LARGE = f"has more than {_MOST_PICTURE_BYTES:,} bytes"


@dataclass(frozen=True)
class _Source:
    """A picture that is to be read."""

    name: str
    """What it is called in errors."""
    label: str
    read: Callable[[], bytes]
    """Its file's content. Raises MalformedInput, in words that follow on the name."""


def from_zip(content: bytes) -> PictureArchive:
    """The pictures of a zip with one folder for each class, which may lie in a folder: `cats/1.png`, `all/cats/1.png`.

    What is no picture, or lies elsewhere, is left out and counted; hidden files are passed over. Raises InvalidInput,
    MalformedInput where this is no zip, and TooLarge.
    """
    if content.count(_ENTRY) > _MOST_ENTRIES:
        raise TooLarge(f"The zip holds more than {_MOST_ENTRIES:,} files.")
    try:
        file = zipfile.ZipFile(BytesIO(content))
    except _BAD_ZIP as error:
        raise MalformedInput(f"This zip cannot be read: {error}.") from None
    entries = [(entry, _path(entry.filename)) for entry in file.infolist() if not entry.is_dir()]
    visible = [(entry, path) for entry, path in entries if not _is_hidden(path)]
    chosen = [(entry, path) for entry, path in visible if _is_picture(path)]
    if any(entry.flag_bits & _ENCRYPTED for entry, _ in chosen):
        raise InvalidInput("The zip is encrypted. Pack the pictures without a password.")
    sources = [_Source(str(path), path.parts[-2], _reader(file, entry)) for entry, path in chosen]
    return _archive(sources, len(visible) - len(chosen))


def from_files(files: Iterable[tuple[str, bytes]]) -> PictureArchive:
    """The same of files with their names, such as `cats/1.png`."""
    named = [(_path(name), content) for name, content in files]
    visible = [(path, content) for path, content in named if not _is_hidden(path)]
    chosen = [(path, content) for path, content in visible if _is_picture(path)]
    sources = [_Source(str(path), path.parts[-2], lambda content=content: content) for path, content in chosen]
    return _archive(sources, len(visible) - len(chosen))


def from_snapshots(snapshots: Sequence[tuple[str, str]]) -> PictureArchive:
    """The same of labels and pictures, each of which is a file in base64 or a data URL."""
    return _archive(
        [
            _Source(f"pictures.{index}", label.strip(), lambda text=text: _decoded(text))
            for index, (label, text) in enumerate(snapshots)
        ],
        skipped=0,
    )


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _is_hidden(path: PurePosixPath) -> bool:
    return "__MACOSX" in path.parts or any(part.startswith(".") for part in path.parts)


def _is_picture(path: PurePosixPath) -> bool:
    """Whether it is called like one, and lies in a folder, which lies in one other at most."""
    return path.suffix.lower() in SUFFIXES and len(path.relative_to(path.anchor).parts) in (2, 3)


def _reader(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if entry.file_size > _MOST_PICTURE_BYTES:
            raise MalformedInput(_TOO_LARGE)
        # Only of these two does Python unpack as much as is asked for at a time.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise MalformedInput("is packed in a way that is not understood")
        try:
            with file.open(entry) as unpacked:
                return unpacked.read(_MOST_PICTURE_BYTES + 1)
        except _BAD_ZIP:
            raise MalformedInput("is damaged") from None

    return read


def _decoded(text: str) -> bytes:
    data = text.rpartition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        raise MalformedInput("is not base64") from None


def _archive(sources: Sequence[_Source], skipped: int) -> PictureArchive:
    """What is left of `sources` once they are read, class by class."""
    _check([source.label for source in sources])
    read = list(_read(sorted(sources, key=lambda source: source.label)))
    labels = [label for label, _ in read]
    _check(labels)
    names, indices = np.unique(labels, return_inverse=True)
    pictures = np.stack([picture for _, picture in read])
    return PictureArchive(tuple(names.tolist()), pictures, indices.astype(np.int64), skipped + len(sources) - len(read))


def _check(labels: Sequence[str]) -> None:
    """Raises InvalidInput where these are not the classes of as many pictures as make a dataset."""
    if not labels:
        raise InvalidInput(
            "There are no pictures: put those of each class into a folder of its own, as PNG, JPEG, GIF, BMP or WebP."
        )
    if len(labels) > MOST_PICTURES:
        raise InvalidInput(f"There are {len(labels):,} pictures, but at most {MOST_PICTURES:,} are taken.")
    classes = sorted(set(labels))
    for name in classes:
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            told = f"names have 1 to {LONGEST_NAME} characters, all of which can be read"
            raise InvalidInput(f"{name[:LONGEST_NAME]!r} cannot be a class: {told}.")
    if len(classes) < LEAST_CLASSES:
        raise InvalidInput(
            f"All pictures are of one class, {classes[0]!r}: put those of another into a folder of its own."
        )
    if len(classes) > MAX_PICTURE_CLASSES:
        raise InvalidInput(f"There are {len(classes)} classes, but at most {MAX_PICTURE_CLASSES} can be told apart.")
    if len(labels) < LEAST_PICTURES:
        raise InvalidInput(f"There are {len(labels)} pictures, but at least {LEAST_PICTURES} are needed.")


def _read(sources: Sequence[_Source]) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Each picture with its label. Raises InvalidInput where too many cannot be read, and TooLarge."""
    allowed = int(_UNREADABLE_SHARE * len(sources))
    faults: list[FieldError] = []
    all_bytes = all_pixels = 0
    for source in sources:
        try:
            content = source.read()
            all_bytes += len(content)
            if all_bytes > _MOST_BYTES:
                raise TooLarge(f"The pictures have more than {_MOST_BYTES:,} bytes when they are unpacked.")
            if len(content) > _MOST_PICTURE_BYTES:
                raise MalformedInput(_TOO_LARGE)
            picture, pixels = decode(content)
        except MalformedInput as error:
            faults.append(FieldError(source.name, error.detail))
            if len(faults) > max(allowed, _MOST_PROBLEMS):
                break
            continue
        all_pixels += pixels
        if all_pixels > _MOST_PIXELS:
            raise TooLarge(f"The pictures have more than {_MOST_PIXELS:,} pixels in all: make them smaller.")
        yield source.label, picture
    if len(faults) > allowed:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise InvalidInput(f"{faults[0].path}: {faults[0].message}{more}.", tuple(faults[:_MOST_PROBLEMS]))
