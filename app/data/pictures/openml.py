"""MNIST and CIFAR-10, fetched from OpenML once and kept as arrays in the data directory.

Fetching takes minutes and gigabytes and may hang, so a process of its own does it (`python -m` this module), for which
nobody waits longer than some seconds. Where it fails, it is tried again after a minute at the earliest.
"""

import os
import socket
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import PictureSet
from app.data.pictures.digits import DIGITS
from app.data.pictures.selection import pick, sample_count
from app.errors import InvalidInput
from app.processes import begin
from app.schemas.picture_data import Cifar10, Mnist
from app.schemas.resolve import Problem
from app.settings import settings

OBJECTS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

SILENCE_SECONDS = 4.0
"""How long OpenML may say nothing; then it is asked once more."""
PATIENCE_SECONDS = 10.0
"""How long one waits for what is being fetched."""
REST_SECONDS = 60.0
"""How long after one attempt the next one may be made."""


@dataclass(frozen=True)
class Source:
    """A dataset of OpenML's, the first version of its name, whose rows hold channel by channel, line by line."""

    name: str
    shape: tuple[int, int, int]
    """Channels, height and width."""


SOURCES = (Source("mnist_784", (1, 28, 28)), Source("CIFAR_10", (3, 32, 32)))
_MNIST, _CIFAR_10 = SOURCES


@dataclass(frozen=True)
class _Attempt:
    process: Popen[bytes]
    began: float
    """On the monotonic clock."""


_attempts: dict[Source, _Attempt] = {}
_lock = Lock()


def mnist(spec: Mnist, rng: np.random.Generator) -> PictureSet:
    """`spec.samples` of the 70,000 digits. Raises InvalidInput where they are not there."""
    return _picked(spec, _MNIST, DIGITS, rng)


def cifar10(spec: Cifar10, rng: np.random.Generator) -> PictureSet:
    """`spec.samples` of the 60,000 photographs. Raises InvalidInput where they are not there."""
    return _picked(spec, _CIFAR_10, OBJECTS, rng)


def _picked(
    spec: Mnist | Cifar10, source: Source, class_names: tuple[str, ...], rng: np.random.Generator
) -> PictureSet:
    folder = settings().data_dir / "fetched"
    pictures_file, labels_file = _files(source, folder)
    if not labels_file.exists():
        _await(source, folder, spec.title)
    pictures, labels = np.load(pictures_file, mmap_mode="r"), np.load(labels_file)
    rows = pick(labels, sample_count(spec, source.shape, labels.size), rng)
    values = pictures[rows].astype(np.float32) / 255
    return PictureSet(labels[rows].astype(np.float64), Problem("classification", 10), class_names, values, None)


def _await(source: Source, folder: Path, title: str) -> None:
    """Has a dataset fetched, unless that was tried just now, and waits for it. Raises InvalidInput where it is not."""
    with _lock:
        attempt = _attempts.get(source)
        now = time.monotonic()
        if attempt is None or (attempt.process.poll() is not None and now > attempt.began + REST_SECONDS):
            attempt = _attempts[source] = _Attempt(begin(__name__, source.name, str(folder)), now)
    try:
        status = attempt.process.wait(max(0, attempt.began + PATIENCE_SECONDS - now))
    except TimeoutExpired:
        told = f"{title} is being fetched from OpenML, which takes some minutes; try again then"
        raise InvalidInput.at("data.kind", told) from None
    if status != 0:
        told = f"{title} could not be fetched from OpenML; upload pictures instead, or choose other data"
        raise InvalidInput.at("data.kind", told)


def fetch(source: Source, folder: Path) -> None:
    """Fetches a dataset into `folder`, or takes what scikit-learn has fetched there before, and keeps it as arrays.

    Raises OSError where OpenML does not answer.
    """
    from sklearn.datasets import fetch_openml  # here, because it takes seconds

    bunch: Any = fetch_openml(
        source.name, version=1, data_home=folder, as_frame=False, parser="liac-arff", n_retries=1, delay=0.1
    )
    pictures: NDArray[np.uint8] = bunch["data"].reshape(-1, *source.shape).astype(np.uint8)
    # The labels come last: where they are, all is.
    for file, array in zip(_files(source, folder), (pictures, bunch["target"].astype(np.int64)), strict=True):
        unfinished = file.with_suffix(f".{os.getpid()}.npy")
        np.save(unfinished, array)
        unfinished.replace(file)


def _files(source: Source, folder: Path) -> tuple[Path, Path]:
    return folder / f"{source.name}.pictures.npy", folder / f"{source.name}.labels.npy"


if __name__ == "__main__":
    import_module("sklearn.datasets")  # somebody waits for what takes seconds, not for what takes minutes
    os.nice(10)
    socket.setdefaulttimeout(SILENCE_SECONDS)
    name, place = sys.argv[1:]
    try:
        fetch(next(source for source in SOURCES if source.name == name), Path(place))
    except OSError as error:
        sys.exit(f"{name} could not be fetched from OpenML: {error}")
