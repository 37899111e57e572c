"""All that a finding may be told from: a run at one moment, and what several detectors ask of it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from app.engine.divergence import Divergence
from app.engine.history import History
from app.engine.trainer import Responses
from app.families.base import Setup, of_plane
from app.schemas.network import DenseLayer
from app.schemas.run import Part
from app.schemas.training import Optimizer

_USUAL_RATES = {"sgd": 0.03, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.1, "rmsprop": 0.003, "lion": 0.001}
_USUAL_RATE = 0.01
_LEARNT = 0.9
"""A share of right answers, or R², from which on there is nothing to heal."""


@dataclass(frozen=True, eq=False)
class Case:
    """See the module."""

    setup: Setup
    tensors: dict[str, np.ndarray]
    """Weights and biases by name."""
    gradients: dict[str, np.ndarray]
    """Of the last update, by the same names; zero before the first."""
    responses: Responses
    """To the samples of the data, the training part first."""
    history: History
    step: int
    diverged: bool
    divergence: Divergence | None
    """How, where it was seen."""

    @property
    def layers(self) -> tuple[DenseLayer, ...]:
        """The hidden ones of a dense network."""
        return of_plane(self.setup).experiment.network.layers

    @property
    def optimizer(self) -> Optimizer:
        """The update rule."""
        return self.setup.experiment.training.optimizer

    @property
    def usual_rate(self) -> float:
        """A learning rate at which the optimiser gets on with most tasks."""
        return _USUAL_RATES.get(self.optimizer.kind, _USUAL_RATE)

    @property
    def trained(self) -> int:
        """How many samples are for training."""
        return self.setup.prepared.counts[0]

    @property
    def classifies(self) -> bool:
        """Whether classes are to be told apart, rather than values found."""
        return self.setup.problem.task == "classification"

    def layer_name(self, layer: int) -> str:
        """A layer in words; the output layer comes last."""
        hidden = len(self.setup.experiment.network.layers)
        return f"hidden layer {layer + 1}" if layer < hidden else "the output layer"

    def pre_activations(self, layer: int) -> np.ndarray:
        """What a hidden layer's activation function is given: (units, training samples at hand)."""
        return self.responses.pre_activations[layer][: self.layers[layer].units, : self.trained]

    def gradient_norms(self) -> np.ndarray:
        """The Euclidean length of the gradient of each layer's weights, the output layer last."""
        return np.array(
            [
                np.linalg.norm(gradient.astype(np.float64))
                for name, gradient in self.gradients.items()
                if name.endswith(".weight")
            ]
        )

    def curve(self, part: Part, metric: str = "loss") -> np.ndarray:
        """A metric since the last change of the run, one value for each recorded epoch; empty for an empty part."""
        return self._values(self._recent, part, metric)

    def whole_curve(self, part: Part) -> np.ndarray:
        """The loss since step 0, whatever was changed on the way."""
        return self._values(self.history.rows, part, "loss")

    @cached_property
    def _recent(self) -> list[tuple[Any, ...]]:
        """The rows that the last change, if there was one, has shaped."""
        rows = list(self.history.rows)
        return rows[bisect_left(rows, rows[-1][2], key=lambda row: row[2]) :] if rows else []

    def _values(self, rows: Sequence[tuple[Any, ...]], part: Part, metric: str) -> np.ndarray:
        column = self.history.columns.index(f"{part}_{metric}")
        return np.array([row[column] for row in rows if row[column] is not None], np.float64)

    @cached_property
    def success(self) -> float | None:
        """Accuracy or R² on the training part; None while nothing is recorded."""
        values = self.curve("train", "accuracy" if self.classifies else "r2")
        return float(values[-1]) if values.size else None

    @property
    def learnt(self) -> bool:
        """Whether it answers its training samples well."""
        return self.success is not None and self.success >= _LEARNT
