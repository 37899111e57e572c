"""Where training stopped being finite, told in words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.nn.health import Health


@dataclass(frozen=True)
class Divergence:
    """The state before that step is kept."""

    step: int
    """The update that could not be taken, counted from 1."""
    layer: int
    """The layer where it began, the output layer last."""
    layers: int
    where: Literal["activations", "gradients"]
    """Gradients stand for the parameters, too, that they would have led to."""

    def describe(self) -> str:
        """A sentence for people."""
        name = "the output layer" if self.layer == self.layers - 1 else f"hidden layer {self.layer + 1}"
        return (
            f"Diverged at step {self.step}: the {self.where} of {name} were no longer finite numbers. "
            "The last good state is kept: reset, and try a smaller learning rate or clip the gradient."
        )


def divergence_of(step: int, health: Health) -> Divergence:
    """Why update `step` could not be taken.

    Forwards, trouble begins at the first layer that has it; backwards, at the last.
    """
    forward, backward = np.isfinite(health.forward), np.isfinite(health.backward)
    layers = len(forward)
    if not forward.all():
        return Divergence(step, int(np.argmin(forward)), layers, "activations")
    return Divergence(step, layers - 1 - int(np.argmin(backward[::-1])), layers, "gradients")
