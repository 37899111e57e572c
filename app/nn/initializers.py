"""First weights and biases, drawn with NumPy in their true shape (drawing them with JAX would compile each shape)."""

import numpy as np
from jaxtyping import Float32

from app.schemas.network import (
    Initializer,
    OrthogonalInitializer,
    ScaledInitializer,
    UniformInitializer,
)


def draw_layer(
    spec: Initializer, inputs: int, units: int, rng: np.random.Generator, *, places: int = 1
) -> tuple[Float32[np.ndarray, "fan_in units"], Float32[np.ndarray, " units"]]:
    """A layer's weights and biases: a dense one's, or a convolution's, whose kernel has several `places` (line by line,
    the inputs of each together), by which both its fans are multiplied.

    The uniform distribution of variance v spans ±√(3v); the normal one is not truncated.
    """
    fan_in, fan_out = places * inputs, places * units
    shape = (fan_in, units)
    if isinstance(spec, UniformInitializer):
        weight = rng.uniform(-spec.scale, spec.scale, shape)
    elif isinstance(spec, ScaledInitializer):
        deviation = np.sqrt(_variance(spec.kind, fan_in, fan_out))
        uniform = spec.distribution == "uniform"
        weight = rng.uniform(-1, 1, shape) * deviation * np.sqrt(3) if uniform else rng.normal(0, deviation, shape)
    elif isinstance(spec, OrthogonalInitializer):
        weight = spec.gain * _orthogonal(fan_in, units, rng)
    else:
        weight = np.zeros(shape)
    return weight.astype(np.float32), np.full(units, spec.bias, np.float32)


def _variance(kind: str, fan_in: int, fan_out: int) -> float:
    return {"xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[kind]


def _orthogonal(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Orthonormal columns (or rows, where there are fewer), uniform by the sign rule of Mezzadri 2007."""
    square = rng.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(square)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)
    return q if rows >= columns else q.T
