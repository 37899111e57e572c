"""One look at a run: from its state to the parts of a frame.

What several parts are made of is computed once, and only if one of them is wanted: what nobody shows costs nothing.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

import numpy as np

from app.diagnosis.case import Case
from app.diagnosis.detectors import diagnose
from app.families.base import Observation, PictureSetup, PlaneSetup, Responses, of_pictures, of_plane
from app.families.pictures import PictureObservation
from app.families.plane import PlaneObservation
from app.probes.distributions import activation_histograms_part, norms_part, tensor_histograms_part
from app.probes.parts import boundary_part, inputs_part, neurons_part, surface_part, tensors_part
from app.probes.pictures.parts import boxes_part, embedding_part, filters_part, maps_part
from app.probes.predictions import predictions_part
from app.probes.separator import separator_part
from app.probes.space import space_part
from app.runs.run import Run
from app.schemas.finding import Diagnosis
from app.schemas.frame import FramePart


class Look:
    """See the module. `observe` looks at the plane and notes the metrics that come with it."""

    def __init__(self, run: Run, observe: Callable[[Run], Observation]) -> None:
        self.run = run
        self.setup = run.trainer.setup
        self._observe = observe

    @cached_property
    def seen(self) -> Observation:
        """What there is to see of the network."""
        return self._observe(self.run)

    @property
    def plane(self) -> tuple[PlaneSetup, PlaneObservation]:
        """The same of a network that sees a plane."""
        setup, seen = of_plane(self.setup), self.seen
        assert isinstance(seen, PlaneObservation), "a setup of a plane is observed as one"
        return setup, seen

    @property
    def pictures(self) -> tuple[PictureSetup, PictureObservation]:
        """The same of a network that sees pictures."""
        setup, seen = of_pictures(self.setup), self.seen
        assert isinstance(seen, PictureObservation), "a setup of pictures is observed as one"
        return setup, seen

    @cached_property
    def samples(self) -> Responses:
        """What it answers to its data; pictures have been seen with all else."""
        if isinstance(self.setup, PictureSetup):
            return self.run.trainer.family.responses(self.setup, lambda _: self.seen)
        return self.run.trainer.respond(self.run.program)

    @cached_property
    def weights(self) -> dict[str, np.ndarray]:
        """Its parameters."""
        return self.run.trainer.tensors()

    @cached_property
    def gradients(self) -> dict[str, np.ndarray]:
        """The gradient of the last update."""
        return self.run.trainer.gradients()

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What stands out. Some of it is told from the curve, which must have begun."""
        trainer, divergence = self.run.trainer, self.run.divergence
        here = divergence is not None and divergence.step == trainer.step + 1
        case = Case(
            setup=self.setup,
            tensors=self.weights,
            gradients=self.gradients,
            responses=self.samples,
            history=trainer.history,
            step=trainer.step,
            diverged=self.run.ended == "diverged" and not self.run.playing,  # also while its program is compiled anew
            divergence=divergence if here else None,
        )
        return Diagnosis(findings=diagnose(case))

    def part(self, name: FramePart) -> object:
        """The part `name` of a frame."""
        return _MAKERS[name](self)


def _metrics(look: Look) -> object:
    _ = look.seen
    return look.run.seen.metrics


def _activations(look: Look) -> object:
    samples = look.samples
    return activation_histograms_part(of_plane(look.setup), samples.pre_activations, samples.hidden, samples.outputs)


def _space(look: Look) -> object:
    setup, seen = look.plane
    return space_part(setup, [np.asarray(maps) for maps in seen.thumbnails], look.samples.hidden)


def _neurons(look: Look) -> object:
    setup, seen = look.plane
    return neurons_part(setup, [np.asarray(maps) for maps in seen.thumbnails])


def _boundary(look: Look) -> object:
    setup, seen = look.plane
    return boundary_part(setup, np.asarray(seen.outputs))


def _surface(look: Look) -> object:
    setup, seen = look.plane
    return surface_part(setup, np.asarray(seen.outputs))


def _maps(look: Look) -> object:
    return maps_part(*look.pictures, look.run.picture)


_MAKERS: Final[Mapping[FramePart, Callable[[Look], object]]] = {
    "metrics": _metrics,
    "neurons": _neurons,
    "boundary": _boundary,
    "separator": lambda look: separator_part(of_plane(look.setup), look.weights, look.run.trainer.last_mistake()),
    "surface": _surface,
    "space": _space,
    "predictions": lambda look: predictions_part(look.setup, look.samples.outputs),
    "activation_histograms": _activations,
    "weights": lambda look: tensors_part(look.weights),
    "weight_histograms": lambda look: tensor_histograms_part(look.weights),
    "gradients": lambda look: tensors_part(look.gradients),
    "gradient_histograms": lambda look: tensor_histograms_part(look.gradients),
    "gradient_norms": lambda look: norms_part(look.gradients),
    "inputs": lambda look: inputs_part(of_plane(look.setup)),
    "diagnosis": lambda look: look.diagnosis,
    "maps": _maps,
    "filters": lambda look: filters_part(look.weights, look.run.trainer.first_tensors()),
    "embedding": lambda look: embedding_part(*look.pictures),
    "boxes": lambda look: boxes_part(*look.pictures),
}
PICTURES: Final = frozenset(_MAKERS)
"""The parts that a look can make; points are a log of their own."""
NEED_PROGRAM: Final[frozenset[FramePart]] = PICTURES - {
    "separator",
    "weights",
    "weight_histograms",
    "gradients",
    "gradient_histograms",
    "gradient_norms",
    "inputs",
    "filters",
}
"""Those that cannot be made until the network is compiled."""
SLIGHT: Final[frozenset[FramePart]] = frozenset({"weights", "separator"})
"""Those that cost next to nothing."""
LASTING: Final[frozenset[FramePart]] = frozenset({"inputs"})
"""Those that stay as they are as long as the curve goes on, so that later frames need not bring them again."""
