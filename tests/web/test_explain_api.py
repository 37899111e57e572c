"""Explanations by REST: questions in the address, a picture in the body, mistakes told at their fields."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.serving import serving

NETWORK = {"layers": [{"kind": "conv2d", "filters": 2}, {"kind": "flatten"}]}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture(scope="module")
def address(pictures: TestClient) -> str:
    data = {"kind": "digits", "samples": 60}
    run = pictures.post("/api/v1/runs", json={"family": "cnn", "data": data, "network": NETWORK})
    return f"{run.headers['location']}/explain"


def test_a_unit_is_explained(pictures: TestClient, address: str) -> None:
    place = {"layer": 0, "channel": 1, "y": 0, "x": 5}
    answer = pictures.get(address, params={"kind": "unit", "row": 2, **place})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert (told["kind"], told["row"], told["layer_kind"]) == ("unit", 2, "conv2d")
    assert told["place"] == {"channel": 1, "y": 0, "x": 5, "unit": None}
    arithmetic = told["arithmetic"]
    assert (arithmetic["rows"], arithmetic["columns"]) == ([0, 1, 2], [5, 6, 7])
    assert arithmetic["sum"] + arithmetic["bias"] == pytest.approx(told["pre_activation"])
    assert told["value"] == pytest.approx(max(0, told["pre_activation"]))
    assert told["terms"]


@pytest.mark.parametrize("picture", [[0.5] * 64, [[[0.5] * 8] * 8]])
def test_a_picture_can_be_sent(pictures: TestClient, address: str, picture: list[Any]) -> None:
    answer = pictures.post(address, params={"kind": "maps", "layer": 2}, json={"picture": picture})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert (told["row"], told["label"], told["input"]["shape"]) == (None, None, [1, 8, 8])
    assert [layer["layer_kind"] for layer in told["layers"]] == ["output"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({}, "kind"),
        ({"kind": "dream"}, "kind"),
        ({"kind": "maps"}, "row"),
        ({"kind": "maps", "row": 60}, "row"),
        ({"kind": "maps", "row": -1}, "row"),
        ({"kind": "maps", "row": "one"}, "row"),
        ({"kind": "unit", "row": 0, "layer": 0, "channel": 0, "y": 6, "x": 0}, "y"),
        ({"kind": "saliency", "row": 0, "class": 10}, "class"),
        ({"kind": "top", "layer": 1, "channel": 0}, "layer"),
    ],
)
def test_a_mistake_is_told_at_its_field(
    pictures: TestClient, address: str, query: dict[str, str | int], path: str
) -> None:
    answer = pictures.get(address, params=query)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


@pytest.mark.parametrize("picture", [[0.5] * 63, [], "dark", [[[0.5] * 8] * 7 + [[0.5]]]])
def test_a_picture_that_does_not_fit_is_refused(pictures: TestClient, address: str, picture: object) -> None:
    answer = pictures.post(address, params={"kind": "maps"}, json={"picture": picture})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"].startswith("picture")
