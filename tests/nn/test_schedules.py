import jax
import numpy as np
import pytest
from pydantic import TypeAdapter

from app.nn.schedules import schedule_factor, schedule_knobs
from app.schemas.training import SCHEDULES, Schedule
from tests.nn import reference_training

factor = jax.jit(schedule_factor)
EPOCHS = (0, 1, 2, 3, 7, 9, 10, 11, 99, 100, 101, 250, 499, 500, 501, 5_000)

DOCUMENTS: tuple[dict[str, object], ...] = (
    {"kind": "constant"},
    {"kind": "step"},
    {"kind": "step", "gamma": 0.1, "every": 1},
    {"kind": "step", "gamma": 1, "every": 7},
    {"kind": "exponential"},
    {"kind": "exponential", "gamma": 0.9},
    {"kind": "cosine"},
    {"kind": "cosine", "epochs": 10, "floor": 0.25},
    {"kind": "cosine", "epochs": 1},
    {"kind": "warm_up"},
    {"kind": "warm_up", "epochs": 1},
    {"kind": "warm_up", "epochs": 100},
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_factor_is_the_documented_function_of_finished_epochs(document: dict[str, object]) -> None:
    schedule = TypeAdapter[Schedule](Schedule).validate_python(document)
    found = [float(factor(schedule_knobs(schedule), np.int32(epoch))) for epoch in EPOCHS]
    expected = [reference_training.schedule_factor(schedule, epoch) for epoch in EPOCHS]
    # gamma^epoch multiplies the rounding of gamma by the epoch.
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-7)
    np.testing.assert_allclose(found[:8], expected[:8], rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("document", "epoch", "expected"),
    [
        ({"kind": "step", "gamma": 0.5, "every": 100}, 99, 1),
        ({"kind": "step", "gamma": 0.5, "every": 100}, 100, 0.5),
        ({"kind": "exponential", "gamma": 0.5}, 3, 0.125),
        ({"kind": "cosine", "epochs": 10, "floor": 0.0}, 5, 0.5),
        ({"kind": "cosine", "epochs": 10, "floor": 0.2}, 10, 0.2),
        ({"kind": "warm_up", "epochs": 10}, 0, 0.1),
        ({"kind": "warm_up", "epochs": 10}, 9, 1),
    ],
)
def test_landmarks(document: dict[str, object], epoch: int, expected: float) -> None:
    schedule = TypeAdapter[Schedule](Schedule).validate_python(document)
    assert float(factor(schedule_knobs(schedule), np.int32(epoch))) == pytest.approx(expected, rel=1e-6)


def test_every_schedule_is_judged() -> None:
    kinds = {model.model_fields["kind"].default for model in SCHEDULES}
    assert {document["kind"] for document in DOCUMENTS} == kinds
