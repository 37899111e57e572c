"""UMAP of what the output layer sees, by umap-learn where that is installed.

numba compiles it, which takes ten seconds or more and keeps Python's lock meanwhile, so a process of its own does it
(app.runs.umap_process), one embedding after the other. It is kept for some minutes: what it has compiled makes the next
embedding a matter of a second.
"""

from collections.abc import Generator
from importlib.util import find_spec
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import Popen
from typing import Literal, TypeAlias

import numpy as np

from app.errors import ComputationFailed
from app.probes.packing import pack, pack_index
from app.probes.pictures.parts import embedded_samples
from app.probes.pictures.subject import Network
from app.processes import begin
from app.schemas.explain import UmapExplanation

_Link: TypeAlias = "Connection[tuple[np.ndarray, int], np.ndarray]"
Waiting = Generator[Literal[False], None, np.ndarray]
"""Yields False while it has to wait, and returns an array."""


def installed() -> bool:
    """Whether this server can compute UMAP."""
    return find_spec("umap") is not None


class Umap:
    """See the module. All of it but `close` happens in the background's thread."""

    def __init__(self, cache: Path) -> None:
        """numba keeps in `cache` what it may keep of what it has compiled."""
        self._cache = cache
        self._process: Popen[bytes] | None = None
        self._link: _Link | None = None
        self._taken = False

    def points(self, values: np.ndarray, seed: int) -> Waiting:
        """(n, 2) for values (n, units), always the same for the same seed. Raises ComputationFailed."""
        while self._taken:
            yield False
        self._taken, answered = True, False
        try:
            link = self._connected()
            link.send((values, seed))
            while not link.poll():
                yield False
            points = link.recv()
            answered = True
            return points
        except (EOFError, OSError):
            words = "UMAP could not be computed: its process failed, or took too long. The server's log may say why."
            raise ComputationFailed(words) from None
        finally:
            self._taken = False
            if not answered:  # else what it is busy with would be taken for the next answer
                self.close()

    def close(self) -> None:
        """Ends the process."""
        if self._process is None or self._link is None:
            return
        self._link.close()
        self._process.kill()
        self._process.wait()
        self._process = self._link = None

    def _connected(self) -> _Link:
        if self._process is not None and self._process.poll() is not None:  # it has rested for long
            self.close()
        if self._link is None:
            self._link, theirs = Pipe()
            with theirs:
                arguments = str(theirs.fileno()), str(self._cache / "numba")
                self._process = begin("app.runs.umap_process", *arguments, files=[theirs.fileno()])
        return self._link


def umap_explanation(
    network: Network, epoch: int, umap: Umap
) -> Generator[Literal[False] | None, None, UmapExplanation]:
    """Where UMAP puts what the output layer sees of some samples, at this epoch. Pauses between its steps."""
    yield
    prepared = network.setup.prepared
    seen = network.look(prepared.inputs[:1].reshape(1, *prepared.shape), whole=True)
    rows, values = embedded_samples(network.setup, seen)
    points = yield from umap.points(values.astype(np.float32), network.setup.experiment.seed)
    return UmapExplanation(
        epoch=epoch, points=pack(points), labels=pack_index(prepared.labels[rows]), rows=tuple(rows.tolist())
    )
