"""Trains presets: what their thumbnails show, and what their outcomes are held against."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Trainer
from app.families.base import Observation, PlaneSetup, of_plane
from app.families.plane import PlaneObservation
from app.families.registry import family_of
from app.presets.preset import Bounds, Measure, Outcome
from app.schemas.experiment import Experiment

# A weight that is smaller than this says nothing: inputs lie within ±6.
_SILENT = 0.01


@dataclass(frozen=True, eq=False)
class Trained:
    """A network at the end of its training."""

    trainer: Trainer
    end: Literal["trained", "stopped", "diverged"]
    observation: Observation

    @property
    def plane(self) -> PlaneObservation:
        """The same of a network that sees a plane."""
        assert isinstance(self.observation, PlaneObservation), "only what sees a plane can be asked for this"
        return self.observation

    def metrics(self) -> dict[str, float]:
        """By part and name, as `test_loss`."""
        by_part = self.trainer.metrics(np.asarray(self.observation.sums))
        return {
            f"{part}_{name}": value
            for part, metrics in by_part.items()
            for name, value in (metrics or {}).items()
            if value is not None
        }

    def measures(self) -> dict[str, float]:
        """Metrics, and everything else that an outcome may speak of: of pictures there is nothing else."""
        if not isinstance(self.trainer.setup, PlaneSetup):
            return self.metrics()
        return {
            **self.metrics(),
            "dead_neurons": self._dead_neurons(),
            "gradient_decay": self._gradient_decay(),
            "loss_roughness": self._loss_roughness(),
            "silent_inputs": self._silent_inputs(),
        }

    def _dead_neurons(self) -> float:
        """How many neurons of the first hidden layer answer 0 all over the plane."""
        layers = of_plane(self.trainer.setup).experiment.network.layers
        if not layers:
            return 0.0
        maps = np.asarray(self.plane.thumbnails[0])[: layers[0].units]
        return float(np.sum(np.all(maps == 0, axis=(1, 2))))

    def _gradient_decay(self) -> float:
        """How much smaller the gradient of the first layer's weights is than that of the last layer's."""
        norms = [
            float(np.linalg.norm(gradient))
            for name, gradient in self.trainer.gradients().items()
            if name.endswith(".weight")
        ]
        return norms[-1] / max(norms[0], 1e-30) if norms else 1.0

    def _loss_roughness(self) -> float:
        """How far the training loss jumps from one epoch to the next, on average, in the second half."""
        column = self.trainer.history.columns.index("train_loss")
        losses = np.array([row[column] for row in self.trainer.history.rows], dtype=np.float64)
        jumps = np.abs(np.diff(losses[len(losses) // 2 :]))
        return float(jumps.mean()) if jumps.size else 0.0

    def _silent_inputs(self) -> float:
        """How many inputs are not listened to: all weights that leave them are next to nothing."""
        weights = self.trainer.tensors()["layers.0.weight"]
        return float(np.sum(np.all(np.abs(weights) < _SILENT, axis=1)))


class Gym:
    """Trains Experiments without a server; each program is compiled once."""

    def __init__(self) -> None:
        self._programs: dict[Hashable, Program] = {}

    def train(self, experiment: Experiment, epochs: int) -> Trained:
        """The network after `epochs`, or where it ended before."""
        setup = build_setup(experiment, NoUploads())
        family = family_of(experiment.family)
        trainer = Trainer(setup)
        program = self._programs.setdefault(family.signature(setup), Program(family, setup))
        if program.advance is None:
            program.compile_advance()
        if program.observe is None:
            program.compile_observe()
        trainer.record_start(np.asarray(trainer.observe(program).sums))
        report = trainer.advance(program, trainer.steps_until(epochs))
        end = "diverged" if report.divergence else "stopped" if report.stopped else "trained"
        return Trained(trainer, end, trainer.observe(program))


def misses(trained: Trained, outcome: Outcome) -> list[str]:
    """What is not as `outcome` says, in words."""
    found: list[str] = []
    if trained.end != outcome.ends:
        found.append(f"ends {trained.end} instead of {outcome.ends}")
    measures = trained.measures()
    found.extend(_miss(name, measures[name], bounds) for name, bounds in outcome.measures.items())
    return [miss for miss in found if miss]


def _miss(name: Measure, value: float, bounds: Bounds) -> str:
    if bounds.above is not None and not value > bounds.above:
        return f"{name} is {value:.4g}, not above {bounds.above:g}"
    if bounds.below is not None and not value < bounds.below:
        return f"{name} is {value:.4g}, not below {bounds.below:g}"
    return ""
