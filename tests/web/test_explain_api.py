"""Explanations by REST: questions in the address, a picture in the body, mistakes told at their fields."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.runs import umap
from app.schemas.explain import EXPLANATIONS
from tests.web.serving import serving

pytestmark = pytest.mark.training

NETWORK = {"layers": [{"kind": "conv2d", "filters": 2}, {"kind": "flatten"}]}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture(scope="module")
def links(pictures: TestClient) -> dict[str, str]:
    data = {"kind": "digits", "samples": 60}
    return pictures.post("/api/v1/runs", json={"family": "cnn", "data": data, "network": NETWORK}).json()["links"]


@pytest.fixture(scope="module")
def address(links: dict[str, str]) -> str:
    return links["explain"]


def test_a_run_with_pictures_alone_leads_to_what_there_is_to_see_of_them(
    pictures: TestClient, links: dict[str, str]
) -> None:
    assert pictures.get(links["explain"], params={"kind": "maps", "row": 0}).status_code == 200
    assert pictures.get(links["pictures"]).json()["rows"][:2] == [0, 1]
    assert len(pictures.get(links["answers"]).json()["predicted"]) == 12
    with_points = pictures.post("/api/v1/runs").json()["links"]
    assert links.keys() - with_points.keys() == {"explain", "pictures", "answers"}
    assert not with_points.keys() - links.keys()


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


def test_umap_is_answered_where_the_catalog_names_it(
    pictures: TestClient, address: str, monkeypatch: pytest.MonkeyPatch, umap_stand_in: None
) -> None:
    def explanations() -> list[str]:
        return pictures.get("/api/v1/catalog").json()["explanations"]

    assert "umap" in explanations()
    answer = pictures.get(address, params={"kind": "umap"})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert (told["kind"], told["epoch"], told["points"]["shape"]) == ("umap", 0, [60, 2])
    assert told["rows"] == list(range(60))
    assert pictures.post(address, params={"kind": "umap"}, json={"picture": [0.5] * 64}).status_code == 422

    monkeypatch.setattr(umap, "find_spec", dict[str, object]().get)  # finds nothing
    assert set(EXPLANATIONS) - set(explanations()) == {"umap"}
    refused = pictures.get(address, params={"kind": "umap"})
    assert refused.status_code == 422
    assert [error["path"] for error in refused.json()["errors"]] == ["kind"]


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
