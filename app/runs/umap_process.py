"""Computes UMAP (McInnes et al. 2018) for app.runs.umap, one question after the other: `python -m` this module.

It ends by itself: when whoever asks has ended, when nobody asks for long, or when an answer takes too long.
"""

import os
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

REST_SECONDS = 300
"""How long it stays though nobody asks."""
MOST_SECONDS = 240
"""How long one answer may take. The first, for which numba compiles, takes fifteen where nothing else goes on."""


def serve(link: "Connection[np.ndarray, tuple[np.ndarray, int]]") -> None:
    """Answers (values (n, units), seed) with points (n, 2), until there is nobody to answer."""
    while True:
        signal.alarm(REST_SECONDS)
        try:
            values, seed = link.recv()
        except EOFError:
            return
        signal.alarm(MOST_SECONDS)
        umap: Any = import_module("umap")  # here, because it takes seconds, and the question must not wait for them
        link.send(umap.UMAP(n_jobs=1, random_state=seed).fit_transform(values))


if __name__ == "__main__":
    os.nice(5)
    descriptor, cache = sys.argv[1:]
    os.environ["NUMBA_CACHE_DIR"] = cache  # umap-learn's own folder need not be writable
    serve(Connection(int(descriptor)))
