"""Shapes of two to six classes: spirals, moons, rings and blobs, all within about ±6.

Each function draws (points (n, 2), labels (n,)). Noise moves the points; displacements are drawn whatever the noise,
so that more noise moves the same points further. With two classes, spiral is TensorFlow Playground's.
"""

import numpy as np

from app.data.arrays import FloatArray
from app.data.classic import Drawn, class_counts
from app.schemas.data import Blobs, Moons, Rings, Spiral


def spiral(spec: Spiral, rng: np.random.Generator) -> Drawn:
    """One arm for each class, of radius 5·i/N and angle 1.75·2π·i/N for i of N, each coordinate plus U(−1, 1)·noise.

    Arms are turned against each other by equal angles; the last class's begins at angle 0, as the positive one does
    in the reference.
    """
    counts = class_counts(spec, spec.classes)
    labels = _labels(counts)
    along = np.concatenate([np.arange(count) / count for count in counts])
    radius, angle = 5 * along, 1.75 * 2 * np.pi * along + _turn(labels, spec.classes)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return points + rng.uniform(-1, 1, points.shape) * (spec.noise / 100), labels


def moons(spec: Moons, rng: np.random.Generator) -> Drawn:
    """Half circles of radius r = 9 / (classes + 1) in a row, in turn open below and above, half a radius apart.

    With two classes these are scikit-learn's moons. Each coordinate moves by U(−1, 1)·noise·r.
    """
    labels = _labels(class_counts(spec, spec.classes))
    radius = 9 / (spec.classes + 1)
    angle = rng.uniform(0, np.pi, labels.size)
    below = labels % 2 == 1
    x1 = labels - (spec.classes - 1) / 2 + np.cos(angle)
    x2 = np.where(below, 0.25 - np.sin(angle), np.sin(angle) - 0.25)
    points = np.stack([x1, x2], axis=1) + rng.uniform(-1, 1, (labels.size, 2)) * (spec.noise / 100)
    return radius * points, labels


def rings(spec: Rings, rng: np.random.Generator) -> Drawn:
    """Rings around the origin, the first class innermost, the last one ending at 5; gaps are 3/7 as wide as rings.

    Each coordinate moves by U(−1, 1)·noise·the distance between rings.
    """
    labels = _labels(class_counts(spec, spec.classes))
    spacing = 5 / (spec.classes - 0.3)
    radius = spacing * (labels + 0.7 * rng.uniform(0, 1, labels.size))
    angle = rng.uniform(0, 2 * np.pi, labels.size)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return points + rng.uniform(-1, 1, points.shape) * (spec.noise / 100 * spacing), labels


def blobs(spec: Blobs, rng: np.random.Generator) -> Drawn:
    """Normal clouds on a circle of radius 3.5; deviation 0.5, growing linearly to 1.25 at noise 50.

    The last class lies on the diagonal x1 = x2 > 0, where gaussian has its positive class.
    """
    labels = _labels(class_counts(spec, spec.classes))
    angle = np.pi / 4 + _turn(labels, spec.classes)
    centres = 3.5 * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    deviation = 0.5 + 0.75 * spec.noise / 50
    return centres + deviation * rng.standard_normal(centres.shape), labels


def _labels(counts: list[int]) -> FloatArray:
    return np.repeat(np.arange(len(counts), dtype=np.float64), counts)


def _turn(labels: FloatArray, classes: int) -> FloatArray:
    """The angle by which each class is turned; 0 for the last one, π for the other of two."""
    return 2 * np.pi * (classes - 1 - labels) / classes
