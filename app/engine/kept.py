"""Compiled programs, kept on disk under what determines them, for the next start of the server.

JAX's own persistent cache is asked with the lowered program, and tracing and lowering one takes longer than a visitor
should wait; what is kept here is found by the signature alone (docs/decisions/0020-kept-programs.md).
"""

import logging
import os
import pickle
import platform
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile
from time import time
from typing import Any

import jax
from jax.experimental.serialize_executable import deserialize_and_load, serialize

from app.engine.packing import Packing

SOURCES = ("data", "engine", "families", "nn", "schemas")
"""The packages of `app` that programs are made from."""
_PACKAGES = ("jax", "jaxlib", "numpy")
_OTHER_VERSIONS_SECONDS = 24 * 3600.0
_CPU = Path("/proc/cpuinfo")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A program, ready to be called, and how what it tells is packed."""

    call: jax.stages.Compiled
    told: Packing[Any]


class ProgramFolder:
    """A folder of programs of this version of the playground, on this machine."""

    def __init__(self, folder: Path) -> None:
        """Those of other versions go a day after they were last added to."""
        self._folder = folder / _fingerprint()
        for other in folder.glob("*"):
            with suppress(OSError):  # another server may be at it
                if other != self._folder and time() - other.stat().st_mtime > _OTHER_VERSIONS_SECONDS:
                    rmtree(other)

    def has(self, key: Hashable) -> bool:
        """Whether something is kept under `key`, as far as the folder can be read: a `Path` would raise where not."""
        return os.path.exists(self._path(key))

    def fetched(self, key: Hashable) -> Kept | None:
        """The program kept under `key`, where there is one that can be read."""
        path = self._path(key)
        try:
            program, told = pickle.loads(path.read_bytes())
            return Kept(deserialize_and_load(*program), told)
        except FileNotFoundError:
            return None
        except Exception:  # whatever a broken file makes XLA throw: it is compiled again
            _logger.warning("%s cannot be read", path, exc_info=True)
            return None

    def keep(self, key: Hashable, kept: Kept) -> None:
        """Keeps it, if the disk allows."""
        path = self._path(key)
        try:
            written = pickle.dumps((serialize(kept.call), kept.told))
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(written)
            Path(file.name).replace(path)
        except OSError:
            _logger.warning("%s cannot be written", path, exc_info=True)

    def _path(self, key: Hashable) -> Path:
        return self._folder / sha256(repr(key).encode()).hexdigest()


def _fingerprint() -> str:
    """Of all that a program depends on besides its key: sources, versions, XLA's flags, and the processor."""
    digest = sha256()
    app = Path(__file__).parents[1]
    for path in sorted(path for package in SOURCES for path in (app / package).rglob("*.py")):
        digest.update(path.read_bytes())
    features = [line for line in _lines(_CPU) if line.startswith(("model name", "flags", "Features"))]
    versions = [version(package) for package in _PACKAGES]
    digest.update(repr((versions, os.environ.get("XLA_FLAGS"), platform.machine(), sorted(set(features)))).encode())
    return digest.hexdigest()[:16]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
