"""Experiments as files: what is saved can be opened again, and what cannot be opened is told field by field."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.data.table import parse_csv
from app.errors import InvalidInput
from app.schemas.data import DATA_KINDS, Points
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.storage.datasets import DatasetStore
from app.storage.store import Store
from app.web.lab.experiment_file import experiment_of_file, file_document
from tests.web.fakes import FakeService
from tests.web.test_pages import HTML, opened


@pytest.fixture
def run_id(client: TestClient) -> str:
    return opened(client.get("/?data.kind=spiral&training.optimizer.kind=adam").text)


def open_text(client: TestClient, run_id: str, text: str) -> Response:
    return client.post(f"/runs/{run_id}/file", data={"name": "my.json", "text": text}, headers=HTML)


def problems(html: str) -> list[tuple[str, str]]:
    return re.findall(r"<code>([^<]*)</code>:\s*([^<]*?)\s*</li>", html)


def test_what_is_saved_is_the_experiment_under_its_name(client: TestClient, run_id: str) -> None:
    answer = client.get(f"/runs/{run_id}/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="spiral-4-2-tanh-adam.json"'
    assert answer.headers["content-type"] == "application/json"
    expected = {"data": {"kind": "spiral"}, "training": {"optimizer": {"kind": "adam"}}}
    assert parse_value(PlaneExperiment, answer.json()) == parse_value(PlaneExperiment, expected)


def test_what_was_saved_is_opened_as_one_change(client: TestClient, service: FakeService, run_id: str) -> None:
    saved = client.get(f"/runs/{run_id}/file").text
    other = opened(client.get("/").text)
    answer = open_text(client, other, saved)
    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == "/?data.kind=spiral&training.optimizer.kind=adam"
    assert service.run(other).result().revision == 1


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('{"data": {"noise": 99, "kind": "circle"}, "network": {"layers": [{"units": 0}]}}', 2),
        ('{"colour": "red"}', 1),
        ('{"data": {"kind": "points", "columns": ["a", "b", "c"], "points": [[1, 2, "x"], [1, "y"]]}}', 1),
        ('{"data": {"kind": "points", "columns": ["a", "b", "c"], "points": [[1, 2, "x"], [1, 2, 3]]}}', 1),
        ('{"data": {"kind": "plane"}, "training": {"loss": "hinge"}}', 1),
    ],
)
def test_every_bad_field_is_told_with_its_path(
    client: TestClient, service: FakeService, run_id: str, text: str, fields: int
) -> None:
    answer = open_text(client, run_id, text)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#file-problem"
    assert len(problems(answer.text)) >= fields
    assert "my.json" in answer.text
    assert service.run(run_id).result().revision == 0


def test_a_file_that_is_no_json_is_told_with_its_line(client: TestClient, run_id: str) -> None:
    answer = open_text(client, run_id, '{\n  "data": {\n    "kind": circle\n  }\n}')
    assert answer.status_code == 400
    assert "line 3" in answer.text


def test_a_file_that_is_too_large_is_told(client: TestClient, run_id: str) -> None:
    answer = open_text(client, run_id, " " * 60_000)
    assert answer.status_code == 413
    assert "50,000 bytes" in answer.text


@pytest.mark.parametrize(
    ("third", "labels"), [("label", "ab"), ("label", "012"), ("target", "012"), ("species", "ab"), ("species", "012")]
)
def test_uploaded_points_travel_in_the_file(new_store: Callable[[], Store], third: str, labels: str) -> None:
    lines = [f"{index / 3},{index * 1e-7},{labels[index % len(labels)]}" for index in range(300)]
    table = parse_csv("\n".join([f"width,height,{third}", *lines]))
    here, there = (DatasetStore(new_store()) for _ in range(2))
    experiment = parse_value(
        PlaneExperiment, {"data": {"kind": "points", "dataset": here.put(table, "local"), "noise": 3}}
    )
    document = file_document(experiment, here)
    assert len(document["data"]["points"]) == 300
    again = experiment_of_file(json.dumps(document).encode(), there, "local")
    data = again.document()["data"]
    assert there.get(data["dataset"]).to_json() == table.to_json()
    assert data["dataset"] == experiment.document()["data"]["dataset"]
    assert data["noise"] == 3


def test_few_points_stay_in_the_document(store: Store) -> None:
    experiment = parse_value(PlaneExperiment, {"data": {"kind": "points", "points": [[0, 0, 1], [1, 1, 0]]}})
    document = file_document(experiment, DatasetStore(store))
    assert document == experiment.document()
    assert experiment_of_file(json.dumps(document).encode(), DatasetStore(store), "local") == experiment


@pytest.mark.parametrize("kind", [model.model_fields["kind"].default for model in DATA_KINDS if model is not Points])
def test_every_kind_of_data_is_opened_as_it_was_saved(store: Store, kind: str) -> None:
    datasets = DatasetStore(store)
    experiment = parse_value(PlaneExperiment, {"data": {"kind": kind}})
    assert experiment_of_file(json.dumps(file_document(experiment, datasets)).encode(), datasets, "local") == experiment


def test_a_file_that_is_refused_stores_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "put_dataset", lambda: pytest.fail("something was stored"))
    rows = [[x, -x, x % 2] for x in range(300)]
    document = {"data": {"kind": "points", "points": rows}, "training": {"batch_size": 0}}
    with pytest.raises(InvalidInput, match="batch_size"):
        experiment_of_file(json.dumps(document).encode(), DatasetStore(store), "local")
