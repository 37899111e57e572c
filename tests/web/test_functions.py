"""The curves are those of the textbook, whichever functions the run has."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.schemas.network import ACTIVATIONS
from tests.nn.reference import ACTIVATIONS as REFERENCE
from tests.nn.reference import losses, softmax

pytestmark = pytest.mark.training

CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 2e-6}


def _functions(client: TestClient, experiment: dict[str, object], epochs: int = 0) -> dict[str, Any]:
    run_id = client.post("/api/v1/runs", json=experiment).json()["id"]
    answer = client.get(f"/runs/{run_id}/functions", params={"epochs": epochs})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("half", [ACTIVATIONS[:6], ACTIVATIONS[6:]])
def test_each_activation_and_its_derivative(client: TestClient, half: tuple[str, ...]) -> None:
    layers = [{"units": 2, "activation": name} for name in half]
    document = _functions(client, {"network": {"layers": layers}})
    assert document["layers"] == [*half, "tanh"]
    assert set(document["activations"]) == {*half, "tanh"}
    for name, curve in document["activations"].items():
        x = np.array(curve["x"])
        off_kinks = (x != 0) & (np.abs(x) != 1)
        assert (x.min(), x.max()) == (-10, 10)
        np.testing.assert_allclose(curve["value"], REFERENCE[name].value(x), **CLOSE)
        np.testing.assert_allclose(
            np.array(curve["derivative"])[off_kinks], REFERENCE[name].slope(x)[off_kinks], **CLOSE
        )


def test_softmax_is_that_of_one_logit_among_zeros(client: TestClient) -> None:
    curve = _functions(client, {"data": {"kind": "blobs", "classes": 4}})["activations"]["softmax"]
    x = np.array(curve["x"])
    share = softmax(np.column_stack([x, np.zeros((len(x), 3))]))[:, 0]
    np.testing.assert_allclose(curve["value"], share, **CLOSE)
    np.testing.assert_allclose(curve["derivative"], share * (1 - share), **CLOSE)


@pytest.mark.parametrize(
    ("experiment", "name", "targets", "others"),
    [
        ({}, "half_squared_error", [1, -1], {"mean_squared_error", "mean_absolute_error", "huber", "hinge"}),
        ({"training": {"loss": "hinge"}}, "hinge", [1, -1], {"half_squared_error"}),
        ({"data": {"kind": "plane"}, "training": {"loss": "huber"}}, "huber", [0], {"mean_absolute_error"}),
        ({"data": {"kind": "blobs", "classes": 3}, "training": {"loss": "hinge"}}, "hinge", [1, -1], {"huber"}),
    ],
)
def test_losses_over_the_output(
    client: TestClient, experiment: dict[str, object], name: str, targets: list[float], others: set[str]
) -> None:
    document = _functions(client, experiment)["loss"]
    assert (document["name"], document["targets"]) == (name, targets)
    assert {name, *others} <= set(document["curves"])
    assert not {"binary_cross_entropy", "categorical_cross_entropy"} & set(document["curves"])
    x = np.array(document["x"])[:, None]
    for loss, curves in document["curves"].items():
        for target, curve in zip(targets, curves, strict=True):
            np.testing.assert_allclose(curve, losses(loss, "linear", x, np.full_like(x, target)), **CLOSE)


@pytest.mark.parametrize(
    "experiment",
    [
        {"training": {"loss": "binary_cross_entropy"}},
        {"training": {"loss": "categorical_cross_entropy"}},
        {"data": {"kind": "blobs", "classes": 3}},
    ],
)
def test_cross_entropies_over_the_probability(client: TestClient, experiment: dict[str, object]) -> None:
    document = _functions(client, experiment)["loss"]
    probability = np.array(document["x"])
    assert document["targets"] == [1, 0]
    assert "hinge" not in document["curves"]
    assert ((probability > 0) & (probability < 1)).all()
    right, wrong = document["curves"][document["name"]]
    np.testing.assert_allclose(right, -np.log(probability), **CLOSE)
    np.testing.assert_allclose(wrong, -np.log(1 - probability), **CLOSE)
    np.testing.assert_allclose(document["curves"]["mean_squared_error"][1], probability**2, **CLOSE)


def _constant(epochs: np.ndarray) -> np.ndarray:
    return np.ones_like(epochs)


def _exponential(epochs: np.ndarray) -> np.ndarray:
    return 0.98**epochs


def _warm_up(epochs: np.ndarray) -> np.ndarray:
    return np.minimum((epochs + 1) / 50, 1)


def _step(epochs: np.ndarray) -> np.ndarray:
    return 0.5 ** np.floor(epochs / 40)


def _cosine(epochs: np.ndarray) -> np.ndarray:
    return 0.1 + 0.9 * 0.5 * (1 + np.cos(np.pi * np.minimum(epochs / 300, 1)))


@pytest.mark.parametrize(
    ("schedule", "factor", "horizon"),
    [
        ({"kind": "constant"}, _constant, 100),
        ({"kind": "step", "every": 40}, _step, 200),
        ({"kind": "exponential", "gamma": 0.98}, _exponential, 228),
        ({"kind": "cosine", "epochs": 300, "floor": 0.1}, _cosine, 360),
        ({"kind": "warm_up", "epochs": 50}, _warm_up, 150),
    ],
)
def test_the_learning_rate_over_epochs(
    client: TestClient, schedule: object, factor: Callable[[np.ndarray], np.ndarray], horizon: int
) -> None:
    training = {"schedule": schedule, "optimizer": {"kind": "sgd", "learning_rate": 0.3}}
    curve = _functions(client, {"training": training})["schedule"]
    epochs = np.array(curve["epoch"], np.float64)
    assert (epochs[0], epochs[-1]) == (0, horizon)
    np.testing.assert_allclose(curve["learning_rate"], 0.3 * factor(epochs), rtol=1e-3)
    longer = _functions(client, {"training": training}, 5_000)["schedule"]
    assert longer["epoch"][-1] == 5_000
    assert len(longer["epoch"]) <= 201


def test_a_run_that_is_not_there_is_told(client: TestClient) -> None:
    assert client.get("/runs/none/functions").status_code == 404
