"""A run's life over REST, on the real server: made, trained, changed, taken home, deleted."""

import io
import time
from typing import Any

import httpx
import numpy as np
import pytest
import safetensors.numpy

from tests.e2e.conftest import PATIENCE_SECONDS


def _paused(http: httpx.Client, url: str) -> dict[str, Any]:
    """The run, once it has stopped by itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (run := http.get(url).json())["status"] in ("queued", "compiling", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.02)
    return run


def _command(http: httpx.Client, url: str, **command: object) -> dict[str, Any]:
    response = http.post(f"{url}/commands", json=command)
    assert response.status_code == 200, response.text
    return response.json()


def _tensors(http: httpx.Client, url: str) -> dict[str, np.ndarray]:
    return safetensors.numpy.load(http.get(f"{url}/parameters").content)


def test_run_plays_until_exactly_where_it_was_told_to(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="play", until={"epoch": 120})
    run = _paused(http, run_url)
    assert (run["status"], run["epoch"], run["step"]) == ("paused", 120, 120 * 25)
    _command(http, run_url, type="play", until={"step": 3_210})
    assert _paused(http, run_url)["step"] == 3_210


def test_run_learns_and_its_history_tells(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="epoch", count=200)
    run = http.get(run_url).json()
    history = http.get(f"{run_url}/history").json()
    losses = [row[history["columns"].index("train_loss")] for row in history["rows"]]
    assert [row[:2] for row in history["rows"]][-1] == [200 * 25, 200]
    assert run["metrics"]["train"]["loss"] == pytest.approx(losses[-1], rel=1e-6)
    assert losses[-1] < 0.1 < losses[0]
    rows = http.get(f"{run_url}/history", headers={"Accept": "text/csv"}).text.splitlines()
    assert rows[0].split(",") == history["columns"]
    assert len(rows) == len(history["rows"]) + 1


def test_run_goes_back_on_its_time_line_and_another_branches_off(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="epoch", count=40)
    there = _tensors(http, run_url)
    end = _command(http, run_url, type="step", unit="epoch", count=60)
    back = _command(http, run_url, type="rewind", epoch=40)
    assert (back["epoch"], back["passed"], back["status"]) == (40, 100, "paused")
    np.testing.assert_equal(_tensors(http, run_url), there)
    made = http.post(f"{run_url}/branch", json={"step": 1_000})
    assert made.status_code == 201, made.text
    branch = http.get(made.headers["location"]).json()
    assert (branch["epoch"], branch["passed"], branch["experiment"]) == (40, None, end["experiment"])
    np.testing.assert_equal(_tensors(http, made.headers["location"]), there)
    again = _command(http, run_url, type="rewind", step=end["step"])
    assert (again["metrics"], again["passed"]) == (end["metrics"], None)


@pytest.mark.parametrize(
    ("point", "words"),
    [({}, "give either"), ({"epoch": 1, "step": 1}, "give either"), ({"epoch": 7}, "come no further")],
)
def test_what_is_no_point_of_the_time_line_is_refused(
    http: httpx.Client, run_url: str, point: dict[str, int], words: str
) -> None:
    for address, body in (("branch", point), ("commands", {"type": "rewind", **point})):
        refused = http.post(f"{run_url}/{address}", json=body)
        assert refused.status_code == 422
        assert words in refused.text


def test_step_answers_when_its_steps_are_done(http: httpx.Client, run_url: str) -> None:
    assert _command(http, run_url, type="step", unit="batch", count=7)["step"] == 7
    run = _command(http, run_url, type="step", unit="epoch", count=3)
    assert (run["epoch"], run["status"]) == (3, "paused")


def test_live_change_keeps_what_was_learnt(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="batch", count=10)
    before = _tensors(http, run_url)
    run = http.patch(run_url, json={"training": {"optimizer": {"kind": "adam"}, "batch_size": 20}}).json()
    assert (run["applied"], run["step"], run["revision"]) == ("live", 10, 1)
    after = _tensors(http, run_url)
    assert all(np.array_equal(after[name], tensor) for name, tensor in before.items())


def test_change_of_data_starts_anew(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="batch", count=10)
    run = http.patch(run_url, json={"data": {"kind": "spiral", "noise": 10}}).json()
    assert (run["applied"], run["step"]) == ("reinitialised", 0)
    assert run["experiment"]["data"]["kind"] == "spiral"


def test_edited_weight_is_the_weight(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="edit", layer=1, parameter="weight", index=[3, 1], value=-0.125)
    _command(http, run_url, type="edit", layer=2, parameter="bias", index=[0], value=2)
    tensors = _tensors(http, run_url)
    assert tensors["layers.1.weight"][3, 1] == -0.125
    assert tensors["layers.2.bias"].tolist() == [2]


def test_reset_brings_back_the_first_weights(http: httpx.Client, run_url: str) -> None:
    first = http.get(f"{run_url}/parameters").content
    _command(http, run_url, type="step", unit="epoch", count=2)
    assert http.get(f"{run_url}/parameters").content != first
    run = _command(http, run_url, type="reset")
    assert (run["step"], run["status"]) == (0, "created")
    assert http.get(f"{run_url}/parameters").content == first


def test_predictions_are_those_of_the_parameters(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="epoch", count=20)
    tensors, points = _tensors(http, run_url), np.random.default_rng(0).uniform(-6, 6, (500, 2))
    expected = points
    for layer in range(3):
        expected = np.tanh(expected @ tensors[f"layers.{layer}.weight"] + tensors[f"layers.{layer}.bias"])
    outputs = http.post(f"{run_url}/predict", json={"inputs": points.tolist()}).json()["outputs"]
    np.testing.assert_allclose(outputs, expected, atol=2e-5)


def test_metrics_are_those_of_data_and_predictions(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step", unit="epoch", count=20)
    metrics = http.get(run_url).json()["metrics"]
    npz = http.get(f"{run_url}/data", headers={"Accept": "application/x-npz"}).content
    with np.load(io.BytesIO(npz)) as file:
        data: dict[str, np.ndarray] = dict(file)
    for part in ("train", "test"):
        body = {"inputs": data[f"x_{part}"].tolist()}
        outputs = np.array(http.post(f"{run_url}/predict", json=body).json()["outputs"])
        targets: np.ndarray = data[f"y_{part}"]
        correct: np.ndarray = (outputs >= 0) == (targets >= 0)
        assert metrics[part]["loss"] == pytest.approx(float(0.5 * np.mean((outputs - targets) ** 2)), rel=1e-4)
        assert metrics[part]["accuracy"] == pytest.approx(float(correct.mean()))
    assert metrics["validation"] is None


def test_uploaded_dataset_is_learnt_from(http: httpx.Client) -> None:
    rng = np.random.default_rng(1)
    points = rng.uniform(-3, 3, (60, 2))
    text = "\n".join(f"{x},{y},{'up' if y > x else 'down'}" for x, y in points)
    dataset = http.post("/api/v1/datasets", content=text, headers={"Content-Type": "text/csv"}).json()
    run = http.post("/api/v1/runs", json={"data": dataset["data"]}).json()
    document = http.get(run["links"]["data"]).json()
    assert document["class_names"] == ["down", "up"]
    assert len(document["x_train"]) + len(document["x_test"]) == 60
    rows = np.array(document["x_train"] + document["x_test"])
    np.testing.assert_allclose(np.sort(rows[:, 0]), np.sort(points[:, 0]), rtol=1e-6)
    http.delete(run["links"]["self"])


def test_deleted_run_is_gone(http: httpx.Client) -> None:
    url = http.post("/api/v1/runs?play=true").headers["location"]
    assert url in [run["links"]["self"] for run in http.get("/api/v1/runs").json()["runs"]]
    assert http.delete(url).status_code == 204
    assert http.get(url).status_code == http.delete(url).status_code == 404
