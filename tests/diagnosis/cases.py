"""Runs to be diagnosed: trained without a server, from JSON as a visitor would write it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.diagnosis.case import Case
from app.diagnosis.detectors import diagnose
from app.engine.divergence import Divergence
from app.engine.setup import starts_anew
from app.engine.trainer import Trainer
from app.schemas.experiment import Experiment
from app.schemas.finding import Finding, Repair
from app.schemas.patch import apply_patch
from tests.engine.cases import experiment, observed, patched, program


class Patient:
    """A run, and what stands out in it."""

    def __init__(self, given: Experiment) -> None:
        self.experiment = given
        setup = patched(given, {})
        self.trainer = Trainer(setup)
        self.divergence: Divergence | None = None
        self._begin()

    def _begin(self) -> None:
        self.trainer.record_start(np.asarray(observed(self.trainer).sums))

    def train(self, epochs: int) -> "Patient":
        """Trains so many epochs more, or until it diverges."""
        steps = self.trainer.steps_until(self.trainer.epoch + epochs)
        self.divergence = self.trainer.advance(program(self.trainer.setup), steps).divergence
        return self

    @property
    def case(self) -> Case:
        """All that is known of it now."""
        trainer = self.trainer
        return Case(
            setup=trainer.setup,
            tensors=trainer.tensors(),
            gradients=trainer.gradients(),
            responses=trainer.respond(program(trainer.setup, observes=True)),
            history=trainer.history,
            step=trainer.step,
            diverged=self.divergence is not None,
            divergence=self.divergence,
        )

    def findings(self) -> dict[str, Finding]:
        """By their codes."""
        return {finding.code: finding for finding in diagnose(self.case)}

    @property
    def loss(self) -> float:
        """Of the training part, as last recorded."""
        return float(self.case.whole_curve("train")[-1])

    def repaired(self, repair: Repair) -> "Patient":
        """As a visitor gets it: the patch applied, and begun again where the repair or the patch has it so."""
        given = apply_patch(self.experiment, repair.patch)
        setup = patched(given, {}, self.trainer.setup)
        if repair.reset or starts_anew(self.trainer.setup, setup):
            return Patient(given)
        self.experiment = given
        self.trainer.revision += 1
        self.trainer.change(setup, repair.patch)
        return self


def patient(document: Mapping[str, Any], epochs: int = 0) -> Patient:
    """A run of this Experiment, trained so far."""
    return Patient(experiment(**document)).train(epochs)
