"""Numbers leave exactly as they are, in the form that was asked for."""

import io
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from fastapi.testclient import TestClient

from tests.web.fakes import FakeService

PARTS = ("train", "validation", "test")


@pytest.fixture
def run_url(client: TestClient) -> str:
    data = {"kind": "spiral", "samples": 40, "validation_fraction": 0.1, "features": ["x1", "x2", "sin(x1)"]}
    return client.post("/api/v1/runs", json={"data": data}).headers["location"]


def _rounded(document: dict[str, Any]) -> dict[str, np.ndarray]:
    return {f"{axis}_{part}": np.array(document[f"{axis}_{part}"], np.float32) for axis in "xy" for part in PARTS}


def test_data_are_the_arrays_that_the_run_sees(client: TestClient, service: FakeService, run_url: str) -> None:
    document = client.get(f"{run_url}/data").json()
    prepared = service.data(run_url.rpartition("/")[2])
    assert document["columns"] == ["x1", "x2", "sin(x1)"]
    assert document["class_names"] == list(prepared.dataset.class_names)
    arrays = _rounded(document)
    assert [len(arrays[f"x_{part}"]) for part in PARTS] == list(prepared.counts)
    np.testing.assert_array_equal(np.concatenate([arrays[f"x_{part}"] for part in PARTS]), prepared.inputs)
    np.testing.assert_array_equal(np.concatenate([arrays[f"y_{part}"] for part in PARTS]), prepared.targets)


@pytest.mark.parametrize("media_type", ["application/x-npz", "application/octet-stream", "application/zip"])
def test_data_come_as_npz_too(client: TestClient, run_url: str, media_type: str) -> None:
    response = client.get(f"{run_url}/data", headers={"Accept": media_type})
    assert response.headers["content-type"] == media_type
    with np.load(io.BytesIO(response.content), allow_pickle=False) as npz:
        assert list(npz["columns"]) == ["x1", "x2", "sin(x1)"]
        for name, array in _rounded(client.get(f"{run_url}/data").json()).items():
            assert npz[name].dtype == np.float32
            np.testing.assert_array_equal(npz[name], array)


def test_empty_part_has_no_rows(client: TestClient) -> None:
    url = client.post("/api/v1/runs").headers["location"]
    assert client.get(f"{url}/data").json()["x_validation"] == []


def test_history_comes_as_json(client: TestClient, run_url: str) -> None:
    assert client.get(f"{run_url}/history").json() == {
        "columns": ["step", "epoch", "revision", "train_loss", "validation_loss"],
        "rows": [[0, 0, 0, 0.5, None], [25, 1, 0, 0.25, None]],
    }


def test_a_link_gets_the_history_as_csv_by_its_address(client: TestClient, run_url: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = client.get(f"{run_url}/history?format=csv", headers=browser)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("step,epoch,revision,train_loss")
    assert client.get(f"{run_url}/history?format=json", headers={"Accept": "text/csv"}).json()["rows"]
    assert client.get(f"{run_url}/history?format=xml").status_code == 422


def test_history_comes_as_csv(client: TestClient, run_url: str) -> None:
    response = client.get(f"{run_url}/history", headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.text == "step,epoch,revision,train_loss,validation_loss\n0,0,0,0.5,\n25,1,0,0.25,\n"


@pytest.mark.parametrize("path", ["history", "data"])
def test_forms_that_do_not_exist_are_refused(client: TestClient, run_url: str, path: str) -> None:
    response = client.get(f"{run_url}/{path}", headers={"Accept": "application/xml"})
    assert response.status_code == 406
    assert response.json()["type"] == "/problems/not-acceptable"


def test_parameters_are_a_safetensors_file(client: TestClient, run_url: str) -> None:
    response = client.get(f"{run_url}/parameters")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].endswith('.safetensors"')
    tensors = safetensors.numpy.load(response.content)
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        "layers.0.weight": (2, 1),
        "layers.0.bias": (1,),
    }


def test_predictions_are_made_for_each_row(client: TestClient, run_url: str) -> None:
    response = client.post(f"{run_url}/predict", json={"inputs": [[1, 2], [0.5, -0.25]]})
    assert response.json() == {"outputs": [[3.0], [0.25]]}


def test_what_is_not_finite_is_null(client: TestClient, run_url: str) -> None:
    response = client.post(f"{run_url}/predict", json={"inputs": [[1e308, 1e300]]})
    assert response.json() == {"outputs": [[None]]}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ("[]", "inputs"),
        ("[[1, 2], [1]]", "inputs.1"),
        ('[["a", 1], ["b", 2]]', "inputs.0.0"),
        ("[[]]", "inputs.0"),
        ("7", "inputs"),
        ("[[NaN, 0]]", "inputs.0.0"),
    ],
)
def test_bad_inputs_are_named(client: TestClient, run_url: str, inputs: str, path: str) -> None:
    response = client.post(f"{run_url}/predict", content=f'{{"inputs": {inputs}}}')
    assert response.status_code == 422
    assert [field["path"] for field in response.json()["errors"]] == [path]


def test_too_many_inputs_are_refused(client: TestClient, run_url: str) -> None:
    response = client.post(f"{run_url}/predict", content=b'{"inputs":[' + b",".join([b"[1]"] * 10_001) + b"]}")
    assert response.status_code == 422
    assert "10000" in response.json()["detail"]
