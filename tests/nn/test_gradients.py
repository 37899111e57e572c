import jax
import numpy as np
import pytest
from pydantic import TypeAdapter

from app.nn.gradients import gradient_knobs, penalised_and_clipped
from app.schemas.training import Clipping, NoClipping, Regularization
from tests.nn import reference_training
from tests.nn.reference import Layer

shaped = jax.jit(penalised_and_clipped)
RNG = np.random.default_rng(2)
WEIGHTS, BIASES = 40, 8
GRADIENT = RNG.normal(size=WEIGHTS + BIASES)
PARAMETERS = RNG.normal(size=WEIGHTS + BIASES)
PENALISED = np.arange(WEIGHTS + BIASES) < WEIGHTS


def clipping(**document: object) -> Clipping:
    return TypeAdapter[Clipping](Clipping).validate_python(document)


def shaped_by(
    spec: Clipping, gradient: np.ndarray = GRADIENT, parameters: np.ndarray = PARAMETERS, l1: float = 0, l2: float = 0
) -> np.ndarray:
    knobs = gradient_knobs(Regularization(l1=l1, l2=l2), spec)
    return np.asarray(shaped(gradient.astype(np.float32), parameters.astype(np.float32), knobs, PENALISED))


@pytest.mark.parametrize(("l1", "l2"), [(0, 0), (0.1, 0), (0, 0.3), (3, 10)])
@pytest.mark.parametrize(
    "spec",
    [
        NoClipping(),
        *(clipping(kind=kind, threshold=threshold) for kind in ("norm", "value") for threshold in (1e-3, 0.5, 1e4)),
    ],
    ids=str,
)
def test_penalty_comes_before_clipping_and_both_are_the_references(spec: Clipping, l1: float, l2: float) -> None:
    layer, slopes = (Layer(part[:WEIGHTS], part[WEIGHTS:]) for part in (PARAMETERS, GRADIENT))
    threshold = getattr(spec, "threshold", np.inf)
    penalised = reference_training.penalised([slopes], [layer], l1, l2)
    expected = np.concatenate(reference_training.clipped(penalised, spec.kind, threshold)[0])
    np.testing.assert_allclose(shaped_by(spec, l1=l1, l2=l2), expected, rtol=1e-5, atol=1e-7)


def test_l1_leaves_weights_of_zero_alone() -> None:
    found = shaped_by(NoClipping(), parameters=np.zeros_like(PARAMETERS), l1=5)
    np.testing.assert_array_equal(found, GRADIENT.astype(np.float32))


@pytest.mark.parametrize("size", [1e-30, 1e-10, 1e10, 1e25, 1e37])
def test_the_norm_is_right_where_squares_would_overflow_or_vanish(size: float) -> None:
    threshold = min(size / 100, 1e6)
    found = shaped_by(clipping(kind="norm", threshold=threshold), GRADIENT * size).astype(np.float64)
    expected = GRADIENT / np.linalg.norm(GRADIENT) * threshold
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_gradient_of_nothing_stays() -> None:
    found = shaped_by(clipping(kind="norm", threshold=1), np.zeros_like(GRADIENT))
    np.testing.assert_array_equal(found, 0)


@pytest.mark.parametrize("kind", ["none", "norm"])
def test_clipping_does_not_hide_what_is_not_finite(kind: str) -> None:
    for bad in (np.nan, np.inf):
        gradient = GRADIENT.copy()
        gradient[3] = bad
        spec = NoClipping() if kind == "none" else clipping(kind=kind, threshold=1)
        assert not np.isfinite(shaped_by(spec, gradient)).all()
