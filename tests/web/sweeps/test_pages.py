"""Sweeps on their pages, from the form to the list. Trials train."""

import html
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.web.serving import serving
from tests.web.sweeps.cases import RATE

pytestmark = pytest.mark.e2e

SMALLEST: dict[str, Any] = {"network": {"layers": []}}
FORM = {
    "field": RATE,
    f"{RATE}:low": "0.01",
    f"{RATE}:high": "1",
    f"{RATE}:scale": "log",
    f"{RATE}:points": "3",
    "search": "grid",
    "epochs": "5",
    "objective": "test_loss",
}
HTML = {"Accept": "text/html", "HX-Request": "true"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture
def visitor(server: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(server.app)


@pytest.fixture
def run(visitor: TestClient) -> str:
    return visitor.post("/api/v1/runs", json=SMALLEST).json()["id"]


def begin(visitor: TestClient, run: str, **changed: str) -> httpx2.Response:
    return visitor.post("/sweeps", data={**FORM, "run": run, **changed}, headers=HTML)


def finished(visitor: TestClient, address: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while (sweep := visitor.get(f"/api/v1{address}").json())["status"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return sweep


def test_a_form_begins_a_sweep_that_its_page_and_the_list_tell_of(visitor: TestClient, run: str) -> None:
    begun = begin(visitor, run)
    assert begun.status_code == 200, begun.text
    address = begun.headers["HX-Redirect"]
    sweep = finished(visitor, address)
    assert [trial["values"] for trial in sweep["trials"]] == [{RATE: 0.01}, {RATE: 0.1}, {RATE: 1.0}]
    assert {trial["epoch"] for trial in sweep["trials"]} == {5}
    page = html.unescape(visitor.get(address).text)
    assert "Every combination, each trained for 5 epochs. Best is the lowest test loss." in page
    assert page.count("data-trial=") == 3
    listed = visitor.get("/sweeps").text
    assert f'href="{address}"' in listed
    assert "Finished, 3 of 3 trials · best test loss 0." in listed


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({f"{RATE}:low": "2"}, "Learning rate: low must be below high."),
        ({"field": "network.colour"}, "Colour"),
        ({f"{RATE}:high": "1e9"}, "earning rate"),
        ({"objective": "validation_loss"}, "Best is"),
        ({"search": "random", "trials": "500", "seed": "0"}, "Trials: "),
    ],
)
def test_what_is_refused_is_told_beside_the_form(
    visitor: TestClient, run: str, changed: dict[str, str], told: str
) -> None:
    refused = begin(visitor, run, **changed)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert told in html.unescape(refused.text)
    assert "<form" not in refused.text, "what was typed stays as it is"
    assert visitor.get("/api/v1/sweeps").json() == {"sweeps": []}


def test_the_next_sweep_searches_around_the_best(visitor: TestClient, run: str) -> None:
    first = begin(visitor, run).headers["HX-Redirect"]
    best = finished(visitor, first)["best"]
    again = visitor.post(f"{first}/again", headers=HTML)
    assert again.status_code == 200, again.text
    values = [trial["values"][RATE] for trial in finished(visitor, again.headers["HX-Redirect"])["trials"]]
    assert 0.01 <= values[0] < values[1] < values[2] <= 1
    assert values[2] / values[0] < 10
    assert values[0] <= 0.01 * 10**best <= values[2]


def test_a_sweep_of_choices_has_nothing_to_search_more_closely(visitor: TestClient, run: str) -> None:
    kinds = {"field": "training.optimizer.kind", "training.optimizer.kind": "adam"}
    address = begin(visitor, run, **kinds).headers["HX-Redirect"]
    finished(visitor, address)
    assert 'data-do="again"' not in visitor.get(address).text
    assert visitor.post(f"{address}/again", headers=HTML).status_code == 409


def test_a_perceptron_is_swept_as_well(visitor: TestClient) -> None:
    run = visitor.post("/api/v1/runs", json={"family": "perceptron"}).json()["id"]
    assert visitor.get(f"/sweeps/new?run={run}").status_code == 200
    begun = begin(visitor, run, objective="test_accuracy")
    assert finished(visitor, begun.headers["HX-Redirect"])["best"] is not None


def test_nothing_begins_with_a_run_of_somebody_else(server: TestClient, visitor: TestClient, run: str) -> None:
    stranger = TestClient(server.app)
    assert begin(stranger, run).status_code == 404
    assert stranger.get(f"/sweeps/new?run={run}").status_code == 404
    assert stranger.get("/sweeps").text.count("sweeps-item") == 0


def test_without_sweeps_the_list_says_how_to_begin(visitor: TestClient) -> None:
    assert "No sweeps yet" in visitor.get("/sweeps").text


def test_the_lab_leads_to_a_sweep_of_its_run(visitor: TestClient, run: str) -> None:
    assert f'href="/sweeps/new?run={run}"' in visitor.get(f"/runs/{run}/compare").text
