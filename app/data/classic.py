"""The data of TensorFlow Playground, with its geometry and its noise (its spiral is in app.data.shapes).

Each function draws (points (n, 2), labels (n,)); of its two classes, index 1 stands for +1 and index 0 for −1.
What noise does differs by kind, as there: for circle, xor, plane and multi_gaussian the point stays where it is, and
its label is told at a displaced place; gaussian widens its clouds. Displacements are drawn whatever the noise, so that
more noise disturbs the same points more.
"""

import numpy as np

from app.data.arrays import FloatArray
from app.schemas.data import Circle, Gaussian, Generated, MultiGaussian, Plane, Xor

Drawn = tuple[FloatArray, FloatArray]

# Centre x1 and x2, and whether it is a hill or a hollow.
HILLS = (
    (-4.0, 2.5, 1.0),
    (0.0, 2.5, -1.0),
    (4.0, 2.5, 1.0),
    (-4.0, -2.5, -1.0),
    (0.0, -2.5, 1.0),
    (4.0, -2.5, -1.0),
)


def class_counts(spec: Generated, classes: int) -> list[int]:
    """How many samples each class gets: equal shares, what is left over goes to the last ones."""
    samples = sample_count(spec)
    return [samples * (index + 1) // classes - samples * index // classes for index in range(classes)]


def sample_count(spec: Generated) -> int:
    """The number of points asked for, or the reference's."""
    return spec.default_samples if spec.samples is None else spec.samples


def circle(spec: Circle, rng: np.random.Generator) -> Drawn:
    """Radius U(0, 2.5) for the positive class, U(3.5, 5) for the negative."""
    negatives, positives = class_counts(spec, 2)
    radius = np.concatenate([rng.uniform(3.5, 5, negatives), rng.uniform(0, 2.5, positives)])
    angle = rng.uniform(0, 2 * np.pi, radius.size)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return points, (np.hypot(*_displaced(points, 5, spec, rng).T) < 2.5).astype(np.float64)


def xor(spec: Xor, rng: np.random.Generator) -> Drawn:
    """Coordinates U(−5, 5) moved 0.3 away from zero; positive where x1·x2 ≥ 0."""
    points = rng.uniform(-5, 5, (sample_count(spec), 2))
    points += np.where(points > 0, 0.3, -0.3)
    return points, (np.prod(_displaced(points, 5, spec, rng), axis=1) >= 0).astype(np.float64)


def gaussian(spec: Gaussian, rng: np.random.Generator) -> Drawn:
    """Clouds around (2, 2), positive, and (−2, −2); variance 0.5, growing linearly to 4 at noise 50."""
    labels = np.repeat([0.0, 1.0], class_counts(spec, 2))
    deviation = np.sqrt(0.5 + 3.5 * spec.noise / 50)
    centres = np.where(labels == 1, 2.0, -2.0)[:, np.newaxis]
    return centres + deviation * rng.standard_normal((labels.size, 2)), labels


def plane(spec: Plane, rng: np.random.Generator) -> Drawn:
    """Coordinates U(−6, 6), value (x1 + x2) / 10."""
    points = rng.uniform(-6, 6, (sample_count(spec), 2))
    return points, _displaced(points, 6, spec, rng).sum(axis=1) / 10


def multi_gaussian(spec: MultiGaussian, rng: np.random.Generator) -> Drawn:
    """Coordinates U(−6, 6); of the values sign·max(0, 1 − distance / 2) of six centres the largest in magnitude."""
    points = rng.uniform(-6, 6, (sample_count(spec), 2))
    hills = np.array(HILLS)
    displaced = _displaced(points, 6, spec, rng)
    distance = np.linalg.norm(displaced[:, np.newaxis] - hills[:, :2], axis=2)
    values = hills[:, 2] * np.maximum(0, 1 - distance / 2)
    strongest = np.abs(values).argmax(axis=1)
    return points, np.take_along_axis(values, strongest[:, np.newaxis], axis=1)[:, 0]


def _displaced(points: FloatArray, radius: float, spec: Generated, rng: np.random.Generator) -> FloatArray:
    """Where the labels of `points` are told: each coordinate moved by U(−radius, radius)·noise."""
    return points + rng.uniform(-radius, radius, points.shape) * (spec.noise / 100)
