import numpy as np
import pytest
from pydantic import TypeAdapter

from app.nn.initializers import draw_layer
from app.schemas.network import INITIALIZERS, Initializer

INPUTS, UNITS = 400, 250


def initializer(**document: object) -> Initializer:
    return TypeAdapter[Initializer](Initializer).validate_python(document)


def draw(document: dict[str, object], inputs: int = INPUTS, units: int = UNITS, seed: int = 0) -> np.ndarray:
    return draw_layer(initializer(**document), inputs, units, np.random.default_rng(seed))[0]


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize(
    ("kind", "variance"), [("xavier", 2 / (INPUTS + UNITS)), ("he", 2 / INPUTS), ("lecun", 1 / INPUTS)]
)
def test_scaled_initialisers_have_their_variance(kind: str, variance: float, distribution: str) -> None:
    weight = draw({"kind": kind, "distribution": distribution})
    deviation = np.sqrt(variance)
    # Of n draws the mean varies by σ/√n, the variance by σ²·√((kurtosis - 1)/n): 0.8 uniform, 2 normal.
    assert abs(weight.mean()) < 4 * deviation / np.sqrt(weight.size)
    assert abs(weight.var() / variance - 1) < 4 * np.sqrt((0.8 if distribution == "uniform" else 2) / weight.size)
    if distribution == "uniform":
        assert 0.999 < np.abs(weight).max() / (deviation * np.sqrt(3)) <= 1 + 1e-6
    else:
        assert 4 < np.abs(weight).max() / deviation < 6


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_uniform_spans_its_scale(scale: float) -> None:
    weight = draw({"kind": "uniform", "scale": scale})
    assert 0.999 * scale < weight.max() <= scale
    assert -scale <= weight.min() < -0.999 * scale
    assert weight.var() == pytest.approx(scale**2 / 3, rel=0.02)


@pytest.mark.parametrize(("inputs", "units"), [(16, 5), (5, 16), (8, 8), (1, 1), (1, 4)])
@pytest.mark.parametrize("gain", [1.0, 3.0])
def test_orthogonal_has_orthonormal_columns_or_rows_times_gain(inputs: int, units: int, gain: float) -> None:
    weight = draw({"kind": "orthogonal", "gain": gain}, inputs, units).astype(np.float64)
    assert weight.shape == (inputs, units)
    product = weight.T @ weight if inputs >= units else weight @ weight.T
    np.testing.assert_allclose(product, gain**2 * np.eye(min(inputs, units)), atol=1e-5 * gain**2)


def test_orthogonal_matrices_are_spread_evenly() -> None:
    """Without the sign rule, QR favours negative diagonals."""
    corners = np.array([draw({"kind": "orthogonal"}, 3, 3, seed)[0, 0] for seed in range(400)])
    assert abs(corners.mean()) < 4 * np.sqrt(1 / 3 / 400)
    assert corners.var() == pytest.approx(1 / 3, rel=0.2)


def test_zeros_are_zeros() -> None:
    np.testing.assert_array_equal(draw({"kind": "zeros"}), 0)


@pytest.mark.parametrize("kind", [model.model_fields["kind"].default for model in INITIALIZERS])
def test_biases_start_as_asked_and_draws_repeat(kind: str) -> None:
    spec = initializer(kind=kind, bias=-0.25)
    (weight, bias), (again, _) = (draw_layer(spec, 6, 4, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(bias, np.full(4, -0.25, np.float32))
    np.testing.assert_array_equal(weight, again)
    assert weight.shape == (6, 4)
    assert weight.dtype == bias.dtype == np.float32


def test_the_references_bias_is_the_default_of_uniform_alone() -> None:
    biases = {model.model_fields["kind"].default: model().bias for model in INITIALIZERS}
    assert {kind: bias for kind, bias in biases.items() if bias} == {"uniform": 0.1}
