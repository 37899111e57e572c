"""The page of a run that learns from pictures: its panels, its changes, and layers that do not fit."""

import html
import json
import re

import pytest
from fastapi.testclient import TestClient

from app.errors import TooLarge
from app.schemas.experiment import Experiment, default_experiment
from app.schemas.run import RunDocument
from tests.web.fakes import FakeService

HTML = {"Accept": "text/html", "HX-Request": "true"}


@pytest.fixture
def run_id(client: TestClient) -> str:
    match = re.search(r'data-run="(\w+)"', client.get("/?family=cnn").text)
    assert match
    return match[1]


def titles(page: str) -> list[str]:
    """Of the cards, input and output included."""
    return re.findall(r'<span class="stack-title">([^<]+)</span>', page)


def shapes(page: str) -> list[str]:
    return re.findall(r'<span class="stack-shape">([^<]+)</span>', page)


def draft(page: str) -> str:
    match = re.search(r'data-draft="([^"]*)"', page)
    assert match
    return html.unescape(match[1])


def test_a_run_that_sees_pictures_has_a_lab_of_its_own(client: TestClient) -> None:
    pictures, points = client.get("/?family=cnn").text, client.get("/").text
    assert 'data-sees="pictures"' in pictures
    assert 'id="builder"' in pictures
    assert 'id="network"' not in pictures
    assert 'data-sees="plane"' in points
    assert 'id="builder"' not in points


def test_an_address_that_cannot_be_read_shows_the_default_pictures_and_says_why(client: TestClient) -> None:
    page = client.get("/?family=cnn&data.side=99")
    assert page.status_code == 422
    assert 'data-sees="pictures"' in page.text
    assert "data.side" in page.text


def test_a_network_in_the_address_that_is_too_large_shows_the_default_and_says_why(
    client: TestClient, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = service.create

    def admitting(
        experiment: Experiment, *, visitor: str, play: bool, speed: float | None, attended: bool
    ) -> RunDocument:
        if experiment != default_experiment("cnn"):
            raise TooLarge("network.layers: too many weights.")
        return create(experiment, visitor=visitor, play=play, speed=speed, attended=attended)

    monkeypatch.setattr(service, "create", admitting)
    page = client.get("/?family=cnn&training.batch_size=7")
    assert page.status_code == 413
    assert 'data-sees="pictures"' in page.text
    assert "too many weights" in page.text


def test_the_bar_leads_from_one_lab_to_the_other(client: TestClient) -> None:
    tabs = re.findall(r'class="lab-tab"\s+href="([^"]+)"', client.get("/").text)
    assert tabs == ["/", "/?family=cnn"]
    assert all(client.get(tab).status_code == 200 for tab in tabs)


def test_cards_tell_the_shape_after_each_layer(client: TestClient) -> None:
    page = client.get("/?family=cnn").text
    assert titles(page) == [
        "Input",
        "Convolution",
        "Max pooling",
        "Convolution",
        "Max pooling",
        "Flatten",
        "Dense",
        "Output",
    ]
    assert shapes(page) == ["1 × 8 × 8", "6 × 8 × 8", "6 × 4 × 4", "16 × 4 × 4", "16 × 2 × 2", "64", "84", "10"]


def test_classes_are_counted(client: TestClient) -> None:
    bars = re.findall(r"(\d+) for training, (\d+) others", client.get("/?family=cnn").text)
    assert len(bars) == 10
    assert sum(int(training) + int(others) for training, others in bars) == 1797


def test_a_layer_is_changed_by_its_path(client: TestClient, run_id: str) -> None:
    answer = client.patch(f"/runs/{run_id}", data={"network.layers.0.filters": "4"}, headers=HTML)
    assert answer.status_code == 200
    assert shapes(answer.text)[1] == "4 × 8 × 8"
    assert draft(answer.text) == ""


def test_layers_that_do_not_fit_stay_as_they_were_tried(client: TestClient, run_id: str) -> None:
    tried = client.post(f"/runs/{run_id}/layers", data={"action": "move", "layer": "4", "to": "2"}, headers=HTML)
    assert tried.status_code == 422
    assert titles(tried.text)[1:5] == ["Convolution", "Max pooling", "Flatten", "Convolution"]
    assert shapes(tried.text)[:4] == ["1 × 8 × 8", "6 × 8 × 8", "6 × 4 × 4", "96"]
    assert re.search(r'id="broken-3">\s*<b>Layer 4, Convolution:</b> a convolution takes a picture', tried.text)
    kinds = [layer["kind"] for layer in json.loads(draft(tried.text))]
    assert kinds == ["conv2d", "max_pool", "flatten", "conv2d", "max_pool", "dense"]
    kept = client.get(f"/api/v1/runs/{run_id}").json()["experiment"]["network"]
    assert [layer["kind"] for layer in kept["layers"]][2] == "conv2d"


def test_a_draft_goes_on_until_it_fits(client: TestClient, run_id: str) -> None:
    url = f"/runs/{run_id}"
    tried = client.post(f"{url}/layers", data={"action": "move", "layer": "4", "to": "2"}, headers=HTML)
    drafted = {**HTML, "Draft-Layers": draft(tried.text)}
    other = client.patch(url, data={"training.batch_size": "16"}, headers=drafted)
    assert other.status_code == 200
    assert draft(other.text) == draft(tried.text)
    assert 'id="broken-3"' in other.text
    mended = client.post(f"{url}/layers", data={"action": "move", "layer": "2", "to": "4"}, headers=drafted)
    assert mended.status_code == 200
    assert draft(mended.text) == ""


def test_a_field_beyond_its_bounds_is_told_beside_it(client: TestClient, run_id: str) -> None:
    tried = client.patch(f"/runs/{run_id}", data={"network.layers.2.kernel": "9"}, headers=HTML)
    assert tried.status_code == 422
    field = re.search(r'<input[^>]*id="f-network-layers-2-kernel"[^>]*>', tried.text)
    assert field
    assert 'value="9"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert 'id="broken-2"' in tried.text


@pytest.mark.parametrize("header", ["nonsense", "[1, 2]", '{"kind": "dense"}', '[{"kind": "x"}]', "[" * 9000])
def test_a_draft_that_is_none_does_no_harm(client: TestClient, run_id: str, header: str) -> None:
    assert client.get(f"/runs/{run_id}", headers={**HTML, "Draft-Layers": header}).status_code == 200
