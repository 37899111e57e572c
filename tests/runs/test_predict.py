"""Predictions of a run: raw points in, outputs out, whatever the state of the compiler."""

from typing import Any

import numpy as np
import pytest

from app.errors import InvalidInput
from tests.runs.driver import PATIENCE_SECONDS, Driver

# No other test uses as many samples, so that the first to ask for this network has to wait for the compiler.
_FRESH: dict[str, Any] = {"data": {"kind": "gaussian", "samples": 3_000}, "network": {"layers": []}}


def test_a_prediction_waits_for_the_compiler(driver: Driver) -> None:
    run = driver.create(_FRESH)
    points = np.array([[0.0, 0.0], [3.0, 3.0]])

    outputs = driver.service.predict(run.id, points).result(PATIENCE_SECONDS)

    tensors = driver.service.parameters(run.id).result(PATIENCE_SECONDS)
    expected = np.tanh(points @ tensors["layers.0.weight"] + tensors["layers.0.bias"])
    np.testing.assert_allclose(outputs, expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(3,), (3, 3), (10_001, 2)])
def test_points_that_are_no_pairs_or_too_many_are_refused(driver: Driver, shape: tuple[int, ...]) -> None:
    run = driver.compiled()

    with pytest.raises(InvalidInput, match="pairs of numbers"):
        driver.service.predict(run.id, np.zeros(shape))
