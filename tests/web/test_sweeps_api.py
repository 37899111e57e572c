"""Sweeps by REST, from their beginning to runs of their trials. Trials train."""

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.web.serving import serving

pytestmark = pytest.mark.e2e

URL = "/api/v1/sweeps"
SMALLEST: dict[str, Any] = {"network": {"layers": []}}
RATES: dict[str, Any] = {"training.optimizer.learning_rate": [0.01, 0.1], "seed": [1, 2]}
LONG: dict[str, Any] = {"experiment": SMALLEST, "space": {"seed": list(range(50))}, "epochs": 10_000}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture
def visitor(server: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(server.app)


def begin(visitor: TestClient, **sweep: object) -> httpx2.Response:
    return visitor.post(URL, json={"experiment": SMALLEST, "space": RATES, "epochs": 3, **sweep})


def ended(visitor: TestClient, address: str) -> dict[str, Any]:
    """The sweep, once it does not run any more."""
    deadline = time.monotonic() + 60
    while (sweep := visitor.get(address).json())["status"] == "running":
        assert time.monotonic() < deadline, sweep
        time.sleep(0.02)
    return sweep


def test_a_sweep_is_begun_by_one_call_and_looked_at_until_it_is_done(visitor: TestClient) -> None:
    answer = begin(visitor, objective={"part": "train", "metric": "accuracy"})
    assert answer.status_code == 201, answer.text
    begun = answer.json()
    address = answer.headers["location"]
    assert begun["links"] == {
        "self": address,
        "page": address.removeprefix("/api/v1"),
        "csv": f"{address}?format=csv",
    }
    assert (begun["status"], begun["total"], begun["best"]) == ("running", 4, None)
    done = ended(visitor, address)
    assert (done["status"], done["done"], done["message"]) == ("finished", 4, "All 4 trials are done.")
    assert [trial["values"] for trial in done["trials"]] == [
        {"training.optimizer.learning_rate": rate, "seed": seed} for rate in (0.01, 0.1) for seed in (1, 2)
    ]
    assert all(trial["epoch"] == 3 and trial["status"] == "finished" for trial in done["trials"])
    accuracies = [trial["metrics"]["train"]["accuracy"] for trial in done["trials"]]
    assert done["best"] == accuracies.index(max(accuracies)), "the first of equals"


def test_what_is_shown_can_be_sent_again_and_is_the_same_sweep(visitor: TestClient) -> None:
    space = {"training.optimizer.kind": ["sgd", "adam"], "training.batch_size": {"low": 5, "high": 20, "whole": True}}
    first = ended(visitor, begin(visitor, space=space).headers["location"])
    again = ended(visitor, visitor.post(URL, json=first["sweep"]).headers["location"])
    assert again["sweep"] == first["sweep"]
    assert again["trials"] == first["trials"]


def test_the_list_tells_of_each_sweep_and_of_its_best_trial_alone(visitor: TestClient) -> None:
    first = ended(visitor, begin(visitor).headers["location"])
    second = ended(visitor, begin(visitor).headers["location"])
    listed = visitor.get(URL).json()["sweeps"]
    assert [sweep["id"] for sweep in listed] == [second["id"], first["id"]]
    assert listed[0] == {**second, "trials": [second["trials"][second["best"]]]}


def test_trials_are_there_as_csv(visitor: TestClient) -> None:
    done = ended(visitor, begin(visitor, space={"network.layers": [[], [{"units": 2}]]}).headers["location"])
    answer = visitor.get(done["links"]["csv"])
    assert answer.headers["content-type"].startswith("text/csv")
    assert visitor.get(done["links"]["self"], headers={"Accept": "text/csv"}).text == answer.text
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0])[:4] == ["trial", "network.layers", "status", "epoch"]
    assert rows[1]["network.layers"] == '[{"units": 2}]'
    for row, trial in zip(rows, done["trials"], strict=True):
        assert float(row["test_loss"]) == trial["metrics"]["test"]["loss"]
    assert "validation_loss" not in rows[0], "there is no such part"


def test_it_can_be_stopped_and_deleted(visitor: TestClient) -> None:
    address = visitor.post(URL, json=LONG).headers["location"]
    told = visitor.post(f"{address}/commands", json={"type": "stop"}).json()
    assert (told["status"], told["seconds_left"]) == ("stopped", None)
    assert visitor.get(address).json() == told
    assert visitor.post(f"{address}/commands", json={"type": "stop"}).json() == told
    assert visitor.post(f"{address}/commands", json={"type": "go"}).status_code == 422
    assert visitor.delete(address).status_code == 204
    assert visitor.get(address).status_code == 404
    assert visitor.get(URL).json() == {"sweeps": []}


def test_runs_of_trials_come_to_the_same_numbers_and_are_called_by_their_values(visitor: TestClient) -> None:
    done = ended(visitor, begin(visitor).headers["location"])
    answer = visitor.post(f"{done['links']['self']}/runs", json={"trials": [3, 0]})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["links"]["self"] == answer.headers["location"]
    assert visitor.get(made["links"]["page"]).status_code == 200
    names = {run["id"]: run["name"] for run in visitor.get("/api/v1/runs").json()["runs"]}
    for run, trial in zip(made["runs"], (done["trials"][3], done["trials"][0]), strict=True):
        rate, seed = trial["values"].values()
        assert names[run["id"]] == f"Learning rate {rate} · Seed {seed}"
        deadline = time.monotonic() + 60
        while (now := visitor.get(run["links"]["self"]).json())["playing"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert (now["epoch"], now["metrics"]) == (3, trial["metrics"]), "bit for bit"


def test_without_trials_the_best_becomes_a_run(visitor: TestClient) -> None:
    done = ended(visitor, begin(visitor).headers["location"])
    [run] = visitor.post(f"{done['links']['self']}/runs", json={}).json()["runs"]
    assert run["experiment"]["seed"] == done["trials"][done["best"]]["values"]["seed"]


@pytest.mark.parametrize(
    ("trials", "path"), [([4], "trials"), ([], "trials"), ([0] * 9, "trials"), ([-1], "trials.0"), ("best", "trials")]
)
def test_trials_that_are_not_there_become_no_runs(visitor: TestClient, trials: object, path: str) -> None:
    done = ended(visitor, begin(visitor).headers["location"])
    answer = visitor.post(f"{done['links']['self']}/runs", json={"trials": trials})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path
    assert visitor.get("/api/v1/runs").json() == {"runs": []}


def test_while_none_has_finished_none_is_the_best(visitor: TestClient) -> None:
    address = visitor.post(URL, json=LONG).headers["location"]
    refused = visitor.post(f"{address}/runs", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    visitor.delete(address)


@pytest.mark.parametrize(
    ("sweep", "path"),
    [
        ({"space": {}}, "space"),
        ({"space": {"seed": []}}, "space.seed"),
        ({"space": {"training.depth": [1]}}, "space.training.depth"),
        ({"space": {"training.batch_size": {"low": 1, "high": 4.5}}}, "space.training.batch_size"),
        ({"space": {"seed": [1], "network.layers.0.units": [3]}}, "space.network.layers.0.units"),
        ({"space": {"seed": [1, 2]}, "epochs": 0}, "epochs"),
        ({"objective": {"metric": "r2"}}, "objective"),
        ({"objective": {"part": "validation"}}, "objective"),
        (
            {"experiment": {"training": {"loss": "hinge"}}, "space": {"data.kind": ["plane"]}},
            "experiment.training.loss",
        ),
        ({"space": {"seed": list(range(20)), "training.batch_size": list(range(1, 12))}}, "space"),
    ],
)
def test_what_cannot_be_trained_is_refused_at_its_field(visitor: TestClient, sweep: dict[str, Any], path: str) -> None:
    answer = begin(visitor, **sweep)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path
    assert visitor.get(URL).json() == {"sweeps": []}


def test_two_at_once_are_one_too_many(visitor: TestClient) -> None:
    address = visitor.post(URL, json=LONG).headers["location"]
    refused = begin(visitor)
    assert refused.status_code == 429
    assert "Wait for it, or stop it" in refused.json()["detail"]
    visitor.delete(address)
    assert ended(visitor, begin(visitor).headers["location"])["done"] == 4


def test_looking_costs_little_while_a_sweep_trains(visitor: TestClient) -> None:
    address = visitor.post(URL, json={**LONG, "search": {"kind": "random", "trials": 200}}).headers["location"]
    took: list[float] = []
    for look in (address, URL, f"{address}?format=csv") * 10:
        began = time.perf_counter()
        assert visitor.get(look).status_code == 200
        took.append(time.perf_counter() - began)
    visitor.delete(address)
    assert sorted(took)[len(took) // 4] < 0.1, "on a machine that is busy otherwise"
