"""Stands in for umap-learn, which tests do without: points are the first two columns, plus the seed."""

import signal

import numpy as np

FATAL = 13
"""With this seed it takes too long."""


class UMAP:
    """As app.runs.umap_process calls it."""

    def __init__(self, *, n_jobs: int, random_state: int) -> None:
        assert n_jobs == 1, "what several threads do depends on their order"
        self._seed = random_state

    def fit_transform(self, values: np.ndarray) -> np.ndarray:
        if self._seed == FATAL:
            signal.raise_signal(signal.SIGALRM)
        return values[:, :2] + np.float32(self._seed)
