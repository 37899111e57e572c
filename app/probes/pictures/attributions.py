"""Which pixels of a picture speak for a class: four ways to tell, each a piece of work done step by step.

Every function is a generator that pauses between its steps, so that others get their turn, and returns what is told.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.families.pictures import CAPACITY, shapes_of
from app.nn.pictures.lens import PLACES, Aim, aim_at_logit
from app.probes.packing import pack_map
from app.probes.pictures.answers import probabilities
from app.probes.pictures.parts import symmetric_map
from app.probes.pictures.subject import Subject
from app.schemas.explain import AttributionExplanation, AttributionKind

Steps = Generator[None, None, AttributionExplanation]

PATH_STEPS = 32
"""Between a black picture and the one that is explained."""
GREY = 0.5
"""What hides a part of a picture."""
_WINDOWS = 12
"""So many places of the window that hides, at least along each side, where the picture has as many pixels."""
_WINDOW_SHARE = 5
_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class ExplainedClass:
    """A class, and how the network sees it in a picture."""

    subject: Subject
    index: int

    @property
    def aim(self) -> Aim:
        """Its logit."""
        return aim_at_logit(shapes_of(self.subject.setup), *self._unit)

    @property
    def _unit(self) -> tuple[int, float]:
        """The output unit that speaks for it, or, with the sign −1, against it: two classes may share one."""
        one = len(self.subject.outputs) == 1
        return (0, 1.0 if self.index else -1.0) if one else (self.index, 1.0)

    def logit(self, subject: Subject) -> float:
        """For some picture."""
        unit, sign = self._unit
        return sign * float(subject.pre_activation(len(subject.layers))[unit])

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """(n,) for pictures (n, channels, height, width), at most CAPACITY."""
        outputs = np.asarray(self.subject.network.look(pictures).outputs).T[: len(pictures)]
        return probabilities(self.subject.setup, outputs.astype(np.float64))[:, self.index]

    @cached_property
    def probability(self) -> float:
        """For the picture itself."""
        outputs = self.subject.outputs[None].astype(np.float64)
        return float(probabilities(self.subject.setup, outputs)[0, self.index])

    def slopes(self, pictures: np.ndarray) -> np.ndarray:
        """The gradient of its logit with respect to up to PLACES pictures, of their shape."""
        slopes = np.asarray(self.subject.network.slopes(pictures, self.aim).inputs)
        return slopes.T[: len(pictures)].reshape(pictures.shape).astype(np.float64)


def saliency(explained: ExplainedClass) -> Steps:
    """The gradient of the class's logit (Simonyan et al. 2013): its largest magnitude over the channels, and its sum
    over them."""
    yield
    gradient = explained.slopes(explained.subject.picture[None])[0]
    return _told("saliency", explained, np.abs(gradient).max(axis=0), gradient.sum(axis=0))


def integrated_gradients(explained: ExplainedClass) -> Steps:
    """Each pixel times the mean gradient on the way from black (Sundararajan et al. 2017), by the midpoint rule.

    All of them add up to the logit minus that of the black picture, but for what so few steps miss.
    """
    subject = explained.subject
    shares = (np.arange(PATH_STEPS, dtype=np.float32) + 0.5) / PATH_STEPS
    total = np.zeros(subject.picture.shape)
    for start in range(0, PATH_STEPS, PLACES):
        yield
        total += explained.slopes(shares[start : start + PLACES, None, None, None] * subject.picture).sum(axis=0)
    yield
    attributed = subject.picture * total / PATH_STEPS
    black = Subject(subject.network, np.zeros_like(subject.picture), None)
    difference = explained.logit(subject) - explained.logit(black)
    signed = attributed.sum(axis=0)
    told = _told("integrated_gradients", explained, np.abs(signed), signed)
    return told.model_copy(update={"attributed": float(attributed.sum()), "difference": difference})


def grad_cam(explained: ExplainedClass, layer: int | None) -> Steps:
    """Grad-CAM (Selvaraju et al. 2017): a layer's maps, each weighted by the mean gradient over its places; what
    speaks against the class is left out. Of the last layer that makes maps, unless another is asked for."""
    subject = explained.subject
    if layer is None:
        layer = max(index for index, shape in enumerate(shapes_of(subject.setup)) if len(shape) > 1)
    yield
    gradients = np.asarray(subject.network.slopes(subject.picture[None], explained.aim).channels[layer])[:, 0]
    maps = subject.output(layer)
    weights = gradients.astype(np.float64) / maps[0].size
    shown = np.maximum(np.tensordot(weights, maps, 1), 0)
    told = _told("grad_cam", explained, stretched(shown, subject.picture.shape[1:]), None)
    return told.model_copy(update={"layer": layer})


def occlusion(explained: ExplainedClass) -> Steps:
    """How the class's probability falls where a grey window hides a part of the picture (Zeiler and Fergus 2014): the
    mean of all windows over a pixel."""
    subject = explained.subject
    sides = subject.picture.shape[1:]
    windows = list(_windows(*sides))
    falls, counts = np.zeros(sides), np.zeros(sides)
    for start in range(0, len(windows), CAPACITY):
        yield
        some = windows[start : start + CAPACITY]
        hidden = np.repeat(subject.picture[None], len(some), axis=0)
        for picture, (rows, columns) in zip(hidden, some, strict=True):
            picture[:, rows, columns] = GREY
        for (rows, columns), probability in zip(some, explained.probabilities(hidden), strict=True):
            falls[rows, columns] += explained.probability - probability
            counts[rows, columns] += 1
    signed = falls / counts
    return _told("occlusion", explained, np.abs(signed), signed)


def _windows(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Where a window hides something: its middle goes over the whole picture, so that edges are hidden as often."""
    size = max(2, round(min(height, width) / _WINDOW_SHARE))
    step = max(1, min(height, width) // _WINDOWS)
    for top in range(1 - size + size // 2, height - size // 2 + step, step):
        for left in range(1 - size + size // 2, width - size // 2 + step, step):
            rows, columns = slice(max(0, top), top + size), slice(max(0, left), left + size)
            if top < height and left < width:
                yield rows, columns


def stretched(values: np.ndarray, sides: tuple[int, ...]) -> np.ndarray:
    """A map on the picture's places: linear between its own, whose middles lie evenly over the picture."""
    for axis, side in enumerate(sides):
        at = (np.arange(side) + 0.5) * values.shape[axis] / side - 0.5
        along = np.arange(values.shape[axis])
        values = np.apply_along_axis(lambda line, at=at, along=along: np.interp(at, along, line), axis, values)
    return values


def _told(
    kind: AttributionKind, explained: ExplainedClass, strength: np.ndarray, signed: np.ndarray | None
) -> AttributionExplanation:
    subject = explained.subject
    largest = max(_LEAST, float(strength.max(initial=0.0, where=np.isfinite(strength))))
    return AttributionExplanation(
        row=subject.row,
        label=subject.label,
        predicted=subject.predicted,
        kind=kind,
        class_index=explained.index,
        logit=explained.logit(subject),
        probability=explained.probability,
        strength=pack_map(strength, 0.0, largest),
        signed=None if signed is None else symmetric_map(signed),
        layer=None,
        attributed=None,
        difference=None,
    )
