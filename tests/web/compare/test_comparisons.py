"""Comparisons from their beginning to their table: on the page and by REST. Runs train."""

import csv
import html
import io
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.web.serving import serving

pytestmark = pytest.mark.e2e

SMALLEST: dict[str, Any] = {"network": {"layers": []}}
URL = "/api/v1/comparisons"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data"), max_runs_per_visitor=12, max_running_per_visitor=8) as client:
        yield client


@pytest.fixture
def visitor(server: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(server.app)


def make(visitor: TestClient, vary: dict[str, list[object]]) -> list[dict[str, Any]]:
    answer = visitor.post(URL, json={"experiment": SMALLEST, "vary": vary})
    assert answer.status_code == 201, answer.text
    return answer.json()["runs"]


def begin(visitor: TestClient, run: str, **form: str) -> httpx2.Response:
    return visitor.post("/compare", data={"run": run, **form}, headers={"HX-Request": "true", "Accept": "text/html"})


def table_at(visitor: TestClient, begun: httpx2.Response) -> list[dict[str, Any]]:
    """The rows of the comparison to which an answer leads, by column."""
    assert begun.status_code == 200, begun.text
    address = begun.headers["HX-Redirect"]
    assert address.startswith("/compare?runs=")
    assert visitor.get(address).status_code == 200
    table = visitor.get(address.replace("/compare", URL)).json()
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_one_call_makes_all_runs_and_names_them(visitor: TestClient) -> None:
    answer = visitor.post(URL, json={"experiment": SMALLEST, "vary": {"training.optimizer.kind": ["sgd", "adam"]}})
    made = answer.json()
    ids = [run["id"] for run in made["runs"]]
    assert answer.headers["location"] == made["links"]["self"] == f"{URL}?runs={','.join(ids)}"
    assert made["links"]["page"] == f"/compare?runs={','.join(ids)}"
    assert {run["id"]: run["name"] for run in visitor.get("/api/v1/runs").json()["runs"]} == dict(
        zip(ids, ("SGD", "Adam"), strict=True)
    )
    table = visitor.get(made["links"]["self"]).json()
    assert table["columns"][:6] == ["run", "name", "training.optimizer.kind", "status", "step", "epoch"]
    assert [row[:3] for row in table["rows"]] == [[ids[0], "SGD", "sgd"], [ids[1], "Adam", "adam"]]


def test_the_table_is_there_as_csv_with_exact_metrics(visitor: TestClient) -> None:
    runs = make(visitor, {"seed": [1, 2]})
    for run in runs:
        step = {"type": "step", "unit": "epoch", "count": 3}
        assert visitor.post(f"/api/v1/runs/{run['id']}/commands", json=step).is_success
    ids = ",".join(run["id"] for run in runs)
    answer = visitor.get(f"{URL}?runs={ids}&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["name"], row["seed"], row["epoch"]) for row in rows] == [("Seed 1", "1", "3"), ("Seed 2", "2", "3")]
    metrics = visitor.get(f"/api/v1/runs/{runs[1]['id']}").json()["metrics"]
    assert float(rows[1]["test_loss"]) == metrics["test"]["loss"]
    assert "validation_loss" not in rows[0], "there is no such part"


def test_a_limit_refuses_all_of_them(visitor: TestClient) -> None:
    assert visitor.post(URL, json={"vary": {"seed": list(range(13))}}).status_code == 429
    assert visitor.post(f"{URL}?play=true", json={"vary": {"seed": list(range(9))}}).status_code == 429
    assert visitor.get("/api/v1/runs").json() == {"runs": []}


def test_what_does_not_fit_is_refused_and_nothing_is_made(visitor: TestClient) -> None:
    body = {"experiment": {"training": {"loss": "hinge"}}, "vary": {"data.kind": ["circle", "plane"]}}
    answer = visitor.post(URL, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "training.loss"
    assert visitor.get("/api/v1/runs").json() == {"runs": []}


def test_more_than_eight_can_be_compared_if_they_are_seeds(visitor: TestClient) -> None:
    seeds = [run["id"] for run in make(visitor, {"seed": list(range(9))})]
    assert visitor.get(f"/compare?runs={','.join(seeds)}").status_code == 200
    assert visitor.patch(f"/api/v1/runs/{seeds[0]}", json={"training": {"batch_size": 5}}).is_success
    refused = visitor.get(f"/compare?runs={','.join(seeds)}", headers={"Accept": "text/html"})
    assert refused.status_code == 422
    assert "at most 8" in refused.text


def test_the_panel_begins_seeds_on_the_same_data(visitor: TestClient) -> None:
    run = visitor.post("/api/v1/runs", json={**SMALLEST, "seed": 3}).json()["id"]
    rows = table_at(visitor, begin(visitor, run, seeds="4"))
    assert [(row["name"], row["seed"]) for row in rows] == [(f"Seed {seed}", seed) for seed in (3, 4, 5, 6)]
    resolved = [visitor.get(f"/api/v1/runs/{row['run']}").json()["resolved"] for row in rows]
    assert {document["data"]["seed"] for document in resolved} == {3}
    assert all(visitor.get(f"/api/v1/runs/{row['run']}").json()["playing"] for row in rows)


def test_the_panel_begins_a_race(visitor: TestClient) -> None:
    run = visitor.post("/api/v1/runs", json=SMALLEST).json()["id"]
    rows = table_at(visitor, begin(visitor, run))
    names = ["SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "Lion"]
    assert [row["name"] for row in rows] == names
    deadline = time.monotonic() + 60
    while any(not visitor.get(f"/api/v1/runs/{row['run']}").json()["epoch"] for row in rows):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_panel_offers_nothing_that_a_perceptron_has_no_choice_of(visitor: TestClient) -> None:
    run = visitor.post("/api/v1/runs", json={"family": "perceptron"}).json()["id"]
    panel = visitor.get(f"/runs/{run}/compare").text
    assert "compare-race" not in panel
    assert 'value="training.optimizer.kind"' not in panel
    assert 'value="seed"' in panel


def test_the_panel_offers_as_many_runs_as_may_train_at_once(
    visitor: TestClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = visitor.post("/api/v1/runs", json=SMALLEST).json()["id"]
    panel = visitor.get(f"/runs/{run}/compare").text
    assert ('aria-label="8 seeds"' in panel, 'aria-label="16 seeds"' in panel) == (True, False)
    assert "compare-race" in panel
    with serving(tmp_path_factory.mktemp("few"), max_running_per_visitor=3) as few:
        run = few.post("/api/v1/runs", json=SMALLEST).json()["id"]
        panel = few.get(f"/runs/{run}/compare").text
        assert "seeds" not in panel
        assert "compare-race" not in panel
        assert "compare-change" in panel


def test_the_panel_begins_a_with_b_beside_it(visitor: TestClient) -> None:
    run = visitor.post("/api/v1/runs", json={"network": {"layers": [{"units": 2}]}}).json()["id"]
    panel = visitor.get(f"/runs/{run}/compare?path=network.layers.0.activation").text
    assert "Layer 1 activation of B" in panel
    assert 'value="relu"' in panel
    assert 'value="tanh"' not in panel, "A has it"
    rows = table_at(visitor, begin(visitor, run, path="network.layers.0.activation", value="relu"))
    assert [row["name"] for row in rows] == ["Tanh", "ReLU"]


@pytest.mark.parametrize("form", [{"seeds": "16"}, {"seeds": "5"}, {"path": "seed", "value": "x"}])
def test_the_panel_says_why_nothing_was_begun(visitor: TestClient, form: dict[str, str]) -> None:
    run = visitor.post("/api/v1/runs", json=SMALLEST).json()["id"]
    refused = begin(visitor, run, **form)
    assert refused.status_code in (422, 429)
    assert 'role="alert"' in refused.text
    assert [one["id"] for one in visitor.get("/api/v1/runs").json()["runs"]] == [run]


def test_nothing_begins_with_a_run_of_somebody_else(server: TestClient, visitor: TestClient) -> None:
    stranger = TestClient(server.app)
    run = stranger.post("/api/v1/runs", json=SMALLEST).json()["id"]
    assert begin(visitor, run, seeds="4").status_code == 404


def test_the_page_without_runs_says_how_to_begin(visitor: TestClient) -> None:
    assert "Nothing to compare yet" in html.unescape(visitor.get("/compare").text)
