import jax
import numpy as np
import pytest
from pydantic import TypeAdapter

from app.nn.host import real
from app.nn.optimizers import Slots, initial_slots, optimizer_knobs, update
from app.schemas.training import OPTIMIZERS, Optimizer
from tests.nn.reference_training import Rule

updated = jax.jit(update)
SIZE, WEIGHTS = 40, 32
STEPS = 20
DECAYS = np.arange(SIZE) < WEIGHTS

DOCUMENTS: tuple[dict[str, object], ...] = (
    {"kind": "sgd"},
    {"kind": "momentum"},
    {"kind": "momentum", "momentum": 0.5},
    {"kind": "nesterov"},
    {"kind": "nesterov", "momentum": 0.0},
    {"kind": "adagrad"},
    {"kind": "adagrad", "epsilon": 0.5},
    {"kind": "rmsprop"},
    {"kind": "rmsprop", "decay": 0.3, "epsilon": 0.01},
    {"kind": "adam"},
    {"kind": "adam", "beta1": 0.0, "beta2": 0.0},
    {"kind": "adam", "beta1": 0.5, "beta2": 0.9, "epsilon": 0.1},
    {"kind": "adamw"},
    {"kind": "adamw", "weight_decay": 0.3},
    {"kind": "lion"},
    {"kind": "lion", "beta1": 0.2, "beta2": 0.6, "weight_decay": 0.5},
)


def optimizer(**document: object) -> Optimizer:
    return TypeAdapter[Optimizer](Optimizer).validate_python(document)


def run(spec: Optimizer, gradients: np.ndarray, parameters: np.ndarray) -> tuple[np.ndarray, Slots]:
    knobs, slots = optimizer_knobs(spec), initial_slots(spec, SIZE)
    parameters = parameters.astype(np.float32)
    for gradient in gradients.astype(np.float32):
        change, slots = updated(gradient, parameters, slots, knobs, DECAYS)
        parameters = parameters + np.asarray(change)
    return parameters, slots


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_twenty_steps_are_the_references(document: dict[str, object]) -> None:
    rng = np.random.default_rng(7)
    spec = optimizer(**document, learning_rate=0.05)
    gradients = rng.normal(size=(STEPS, SIZE)) * rng.lognormal(sigma=2, size=SIZE)
    start = rng.normal(size=SIZE)
    rules = Rule(spec, decays=True), Rule(spec, decays=False)
    expected = start.copy()
    for gradient in gradients:
        directions = [rule.direction(gradient, expected) for rule in rules]
        expected = expected - 0.05 * np.where(DECAYS, *directions)
    found, _ = run(spec, gradients, start)
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-6 * np.abs(expected).max())


@pytest.mark.parametrize("kind", [model.model_fields["kind"].default for model in OPTIMIZERS])
def test_what_has_no_gradient_and_no_weight_never_moves(kind: str) -> None:
    parameters, _ = run(optimizer(kind=kind), np.zeros((STEPS, SIZE)), np.zeros(SIZE))
    np.testing.assert_array_equal(parameters, 0)


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "adam", "epsilon": 1e-300},
        {"kind": "adam", "epsilon": 1e-40},
        {"kind": "adamw", "beta1": 0.999999999, "beta2": 0.999999999},
        {"kind": "rmsprop", "epsilon": 1e-300, "decay": 0.999999999},
        {"kind": "adagrad", "epsilon": 1e-300},
        {"kind": "momentum", "momentum": 0.999999999},
    ],
    ids=str,
)
def test_hyperparameters_that_single_precision_rounds_away_do_no_harm(
    document: dict[str, object],
) -> None:
    rng = np.random.default_rng(1)
    gradients = rng.normal(size=(STEPS, SIZE)) * (np.arange(SIZE) % 2)
    parameters, slots = run(optimizer(**document), gradients, np.zeros(SIZE))
    assert np.isfinite(parameters).all()
    assert all(np.isfinite(slot).all() for slot in slots)
    np.testing.assert_array_equal(parameters[::2], 0)


def test_slots_count_the_optimisers_own_updates() -> None:
    spec = optimizer(kind="adam")
    assert run(spec, np.ones((STEPS, SIZE)), np.zeros(SIZE))[1].updates == STEPS
    assert initial_slots(spec, SIZE).updates == 0


def test_the_learning_rate_may_change_between_updates() -> None:
    """Momentum keeps the velocity, not the step: a rate of 0 stands still without forgetting."""
    spec = optimizer(kind="momentum", learning_rate=0.1)
    knobs, slots, gradient = optimizer_knobs(spec), initial_slots(spec, SIZE), np.ones(SIZE, np.float32)
    changes: list[float] = []
    for rate in (0.1, 0.0, 0.1):
        change, slots = updated(gradient, gradient, slots, knobs._replace(learning_rate=real(rate)), DECAYS)
        changes.append(float(change[0]))
    np.testing.assert_allclose(changes, [-0.1, 0, -0.1 * (1 + 0.9 + 0.81)], rtol=1e-6)


def test_every_optimiser_is_judged() -> None:
    assert {document["kind"] for document in DOCUMENTS} == {model.model_fields["kind"].default for model in OPTIMIZERS}
