"""Uploads: the same table under the same id, errors with line and column."""

import pytest
from fastapi.testclient import TestClient

CSV = "x,y,label\n1,2,red\n3,4,blue\n5,6,red\n"


def test_upload_tells_what_it_holds(client: TestClient) -> None:
    response = client.post("/api/v1/datasets", content=CSV, headers={"Content-Type": "text/csv"})
    assert response.status_code == 201
    dataset = response.json()
    assert response.headers["location"] == dataset["links"]["self"] == f"/api/v1/datasets/{dataset['id']}"
    assert (dataset["rows"], dataset["task"], dataset["classes"]) == (3, "classification", 2)
    assert dataset["columns"] == ["x", "y", "label"]
    assert dataset["class_names"] == ["blue", "red"]
    assert dataset["preview"] == [[1, 2, "red"], [3, 4, "blue"], [5, 6, "red"]]
    assert dataset["data"] == {"kind": "points", "dataset": dataset["id"]}
    assert client.get(dataset["links"]["self"]).json() == dataset


def test_same_table_has_the_same_id_however_it_is_sent(client: TestClient) -> None:
    sent = [
        client.post("/api/v1/datasets", content=CSV),
        client.post("/api/v1/datasets", content=b"\xef\xbb\xbf" + CSV.replace(",", ";").encode()),
        client.post("/api/v1/datasets", files={"file": ("points.csv", CSV)}),
        client.post("/api/v1/datasets", files={"anything": ("points.csv", CSV)}, data={"note": "mine"}),
    ]
    assert [response.status_code for response in sent] == [201] * 4
    assert len({response.json()["id"] for response in sent}) == 1


def test_values_are_for_regression(client: TestClient) -> None:
    dataset = client.post("/api/v1/datasets", content="x,y,target\n1,2,0.5\n3,4,1.5\n").json()
    assert (dataset["task"], dataset["classes"], dataset["class_names"]) == ("regression", 0, [])


@pytest.mark.parametrize(
    ("text", "path"),
    [("x,y,label\n1,2,a\n3,nan,b\n", "line 3, column 2"), ("1,2,a\n3,4\n", "line 2"), ("1,2,a\n1,2,a\n", "")],
)
def test_malformed_tables_are_told_where_they_are_bad(client: TestClient, text: str, path: str) -> None:
    response = client.post("/api/v1/datasets", content=text, headers={"Content-Type": "text/csv"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"].startswith(path)


def test_empty_upload_is_refused(client: TestClient) -> None:
    assert client.post("/api/v1/datasets").status_code == 422


def test_bytes_that_are_no_text_are_refused(client: TestClient) -> None:
    response = client.post("/api/v1/datasets", content=b"1,2,\xff\n", headers={"Content-Type": "text/csv"})
    assert response.status_code == 400
    assert response.json()["type"] == "/problems/malformed-input"


def test_form_without_a_file_is_refused(client: TestClient) -> None:
    response = client.post("/api/v1/datasets", files={"": (None, "text")})
    assert response.status_code == 422


@pytest.mark.parametrize("header", ["multipart/form-data", "multipart/form-data; boundary=missing"])
def test_broken_form_is_refused(client: TestClient, header: str) -> None:
    response = client.post("/api/v1/datasets", content=b"--other\r\n", headers={"Content-Type": header})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


def test_other_media_types_are_refused(client: TestClient) -> None:
    response = client.post("/api/v1/datasets", content=b"<x/>", headers={"Content-Type": "application/xml"})
    assert response.status_code == 415


def test_unknown_dataset_is_not_found(client: TestClient) -> None:
    for dataset_id in ("0" * 32, "nonsense", "..%2f..%2fetc"):
        assert client.get(f"/api/v1/datasets/{dataset_id}").status_code == 404
