"""Names, notes and tags, runs as files, and the bin, over HTTP, with runs that train."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.serving import serving

pytestmark = pytest.mark.e2e

SMALLEST: dict[str, Any] = {"network": {"layers": []}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real application, for visitors who are known by cookies."""
    with serving(tmp_path_factory.mktemp("data"), max_upload_bytes=200_000, max_runs_per_visitor=8) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(client.app)


def make(visitor: TestClient, **experiment: object) -> str:
    return visitor.post("/api/v1/runs", json={**SMALLEST, **experiment}).headers["location"]


def compiled(visitor: TestClient, *runs: str) -> None:
    """Waits until these runs could train: until then each is written again, by no order of theirs."""
    deadline = time.monotonic() + 60
    while any(visitor.get(f"/api/v1/runs/{run}").json()["status"] == "compiling" for run in runs):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def listed(visitor: TestClient, **query: str | int) -> list[dict[str, Any]]:
    return visitor.get("/api/v1/runs", params=query).json()["runs"]


def test_a_label_is_set_in_parts(visitor: TestClient) -> None:
    run = make(visitor)
    assert visitor.patch(f"{run}/label", json={"name": "First", "notes": "n"}).json() == {
        "name": "First",
        "notes": "n",
        "tags": [],
    }
    told = visitor.patch(f"{run}/label", json={"tags": ["a", "b", "a"], "notes": ""}).json()
    assert told == {"name": "First", "notes": "", "tags": ["a", "b"]}
    [one] = listed(visitor)
    assert (one["name"], one["notes"], one["tags"]) == ("First", "", ["a", "b"])
    assert one["bytes"] > 0
    assert one["created"] <= one["touched"]


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ({"name": "x" * 201}, "name"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"tags": ["x" * 51]}, "tags.0"),
        ({"tags": [""]}, "tags.0"),
        ({"title": "x"}, "title"),
    ],
)
def test_a_label_that_is_too_long_is_refused(visitor: TestClient, label: object, path: str) -> None:
    run = make(visitor)
    answer = visitor.patch(f"{run}/label", json=label)
    assert answer.status_code == 422
    assert [field["path"] for field in answer.json()["errors"]] == [path]
    assert listed(visitor)[0]["name"] == ""


def test_naming_what_a_page_has_just_made_keeps_it(visitor: TestClient) -> None:
    run_id = visitor.get("/").text.partition('data-run="')[2].partition('"')[0]
    assert listed(visitor) == []
    assert visitor.patch(f"/api/v1/runs/{run_id}/label", json={"name": "Kept"}).status_code == 200
    assert [run["id"] for run in listed(visitor)] == [run_id]
    other = visitor.get("/").text.partition('data-run="')[2].partition('"')[0]
    assert visitor.post(f"/api/v1/runs/{other}/share").status_code == 200


def test_runs_are_found_by_what_they_are_called_and_what_they_are(visitor: TestClient) -> None:
    spiral = make(visitor, data={"kind": "spiral"}).rpartition("/")[2]
    rings = make(visitor, data={"kind": "rings"}).rpartition("/")[2]
    compiled(visitor, spiral, rings)
    visitor.patch(f"/api/v1/runs/{rings}/label", json={"name": "Lesson Three", "tags": ["school"]})

    def found(**query: str | int) -> list[str]:
        return [run["id"] for run in listed(visitor, **query)]

    assert found() == [rings, spiral]
    assert found(search="SPIRAL sgd") == [spiral]
    assert found(search="three scho") == [rings]
    assert found(search="three spiral") == []
    assert found(tag="school") == [rings]
    assert found(tag="scho") == []
    assert found(limit=1) == [rings]
    assert found(limit=1, offset=1) == [spiral]
    assert visitor.get("/api/v1/runs?limit=0").status_code == 422


def test_a_run_comes_back_from_its_file_bit_for_bit(client: TestClient, visitor: TestClient) -> None:
    run = make(visitor)
    visitor.post(f"{run}/commands", json={"type": "step", "unit": "epoch", "count": 5})
    visitor.patch(f"{run}/label", json={"name": "Zwölf Ringe!", "notes": "n", "tags": ["t"]})
    file = visitor.get(f"{run}/file")
    assert file.headers["content-disposition"] == 'attachment; filename="zw-lf-ringe.run.safetensors"'
    somebody = TestClient(client.app)
    brought = somebody.post("/api/v1/runs/import", content=file.content)
    assert brought.status_code == 201
    back = brought.headers["location"]
    assert back != run
    assert somebody.get(f"{back}/parameters").content == visitor.get(f"{run}/parameters").content
    assert somebody.get(f"{back}/history").json() == visitor.get(f"{run}/history").json()
    [one] = listed(somebody)
    assert (one["name"], one["notes"], one["tags"], one["epoch"]) == ("Zwölf Ringe!", "n", ["t"], 5)


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"no tensors at all", 400, "malformed-input"),
        (b"", 400, "malformed-input"),
        (b"x" * 200_001, 413, "too-large"),
    ],
)
def test_what_is_no_file_of_a_run_is_refused(visitor: TestClient, content: bytes, status: int, slug: str) -> None:
    answer = visitor.post("/api/v1/runs/import", content=content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert listed(visitor) == []


def test_parameters_are_no_run(visitor: TestClient) -> None:
    run = make(visitor)
    answer = visitor.post("/api/v1/runs/import", content=visitor.get(f"{run}/parameters").content)
    assert answer.status_code == 400
    assert "no run" in answer.json()["detail"]


def test_deleted_runs_are_in_the_bin_and_restored(visitor: TestClient) -> None:
    run = make(visitor)
    assert visitor.post(f"{run}/restore").status_code == 404
    visitor.delete(run)
    assert listed(visitor) == []
    assert [one["links"]["self"] for one in listed(visitor, binned="true")] == [run]
    assert visitor.get(f"{run}/file").status_code == 404
    restored = visitor.post(f"{run}/restore")
    assert (restored.status_code, restored.json()["links"]["self"]) == (200, run)
    assert visitor.get(run).status_code == 200
    assert listed(visitor, binned="true") == []


def test_a_visitor_with_all_runs_is_told_so(visitor: TestClient) -> None:
    first = make(visitor)
    file = visitor.get(f"{first}/file").content
    visitor.delete(first)
    for _ in range(8):
        make(visitor)
    for answer in (visitor.post("/api/v1/runs/import", content=file), visitor.post(f"{first}/restore")):
        assert answer.status_code == 429
        assert "8 is the most" in answer.json()["detail"]


def test_whoever_may_look_gets_the_file_without_what_its_owner_has_noted_down(
    client: TestClient, visitor: TestClient
) -> None:
    run = make(visitor)
    visitor.patch(f"{run}/label", json={"name": "Secret name", "notes": "secret notes"})
    reader = TestClient(client.app)
    reader.get(visitor.post(f"{run}/share").json()["url"])
    assert b"secret" in visitor.get(f"{run}/file").content.lower()
    file = reader.get(f"{run}/file")
    assert file.status_code == 200
    assert b"secret" not in file.content.lower()
    assert "secret" not in file.headers["content-disposition"]
