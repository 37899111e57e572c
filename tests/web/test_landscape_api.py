"""A landscape is begun by POST and read by GET, which says whether it is whole."""

import pytest
from fastapi.testclient import TestClient

from tests.web.fakes import FakeService


def test_it_is_begun_with_defaults_or_as_somebody_wants_it(client: TestClient, run_url: str) -> None:
    default = client.post(f"{run_url}/landscape")
    assert (default.status_code, default.json()["total"], default.json()["seed"]) == (202, 625, 0)
    chosen = client.post(f"{run_url}/landscape", json={"seed": 4, "side": 5, "span": 0.5})
    assert (chosen.status_code, chosen.json()["total"], chosen.json()["seed"]) == (202, 25, 4)
    assert client.get(f"{run_url}/landscape").status_code == 202
    along = client.post(f"{run_url}/landscape", json={"directions": "trajectory", "side": 5})
    assert (along.status_code, along.json()["directions"]) == (202, "trajectory")


def test_the_status_says_whether_it_is_whole_or_none_was_asked_for(
    client: TestClient, service: FakeService, run_url: str
) -> None:
    whole = client.get(f"{run_url}/landscape")
    assert whole.status_code == 200
    assert whole.json()["done"] == whole.json()["total"] == 9
    assert whole.headers["cache-control"] == "no-store"
    service.landscapes[run_url.rpartition("/")[2]] = None
    none = client.get(f"{run_url}/landscape")
    assert (none.status_code, none.content) == (204, b"")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"side": 4}, ""),
        ({"side": 53}, "side"),
        ({"span": 0}, "span"),
        ({"seed": -1}, "seed"),
        ({"z": 1}, "z"),
        ({"directions": "trajectory", "seed": 1}, ""),
        ({"directions": "ahead"}, "directions"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    client: TestClient, run_url: str, body: dict[str, float | str], path: str
) -> None:
    answer = client.post(f"{run_url}/landscape", json=body)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_a_run_that_is_not_there_has_none(client: TestClient) -> None:
    assert client.get("/api/v1/runs/none/landscape").status_code == 404
    assert client.post("/api/v1/runs/none/landscape").status_code == 404
