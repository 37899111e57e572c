"""The gallery of presets: as cards, by REST, and opened in a run."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from app.presets.library import ORDER, presets
from app.schemas.experiment import read_experiment
from app.schemas.patch import apply_patch
from app.schemas.url import from_query
from tests.web.fakes import FakeService
from tests.web.test_pages import HTML, opened


@pytest.fixture
def run_id(client: TestClient) -> str:
    return opened(client.get("/").text)


def test_every_preset_has_a_card_that_leads_to_it(client: TestClient) -> None:
    cards = client.get("/gallery").text
    links: list[str] = re.findall(r'href="(/\?[^"]*)"', cards)
    experiments = [from_query(html.unescape(link).partition("?")[2]) for link in links]
    assert [experiment.digest() for experiment in experiments] == [preset.experiment.digest() for preset in presets()]
    assert all(html.escape(preset.title, quote=False) in cards for preset in presets())


def test_presets_come_by_rest_with_their_experiments(client: TestClient) -> None:
    told = client.get("/api/v1/presets").json()["presets"]
    assert [preset["id"] for preset in told] == list(ORDER)
    for preset, kept in zip(told, presets(), strict=True):
        experiment = read_experiment(preset["experiment"])
        assert experiment.digest() == kept.experiment.digest()
        assert apply_patch(experiment, preset["suggestion"]["patch"]) == kept.suggested
        assert from_query(preset["links"]["page"].partition("?")[2]).digest() == experiment.digest()
        assert client.post("/api/v1/runs", json=preset["experiment"]).status_code == 201


def test_an_address_is_opened_in_the_run_as_one_change(client: TestClient, service: FakeService, run_id: str) -> None:
    headers = {**HTML, "HX-Current-URL": "http://testserver/?data.noise=5&view.test_points=true"}
    answer = client.post(f"/runs/{run_id}/open", data={"address": "/?seed=4&data.kind=spiral"}, headers=headers)
    assert answer.status_code == 200
    assert opened(answer.text) == run_id
    assert answer.headers["HX-Replace-Url"] == "/?seed=4&data.kind=spiral&view.test_points=true"
    run = service.run(run_id).result()
    assert (run.revision, run.undo) == (1, "“Spiral · 4-2 Tanh · SGD”")


def test_a_preset_that_is_opened_brings_its_lesson(client: TestClient, run_id: str) -> None:
    preset = presets()[0]
    link = client.get("/api/v1/presets").json()["presets"][0]["links"]["page"]
    answer = client.post(f"/runs/{run_id}/open", data={"address": link}, headers=HTML)
    assert html.escape(preset.suggestion.text, quote=False) in html.unescape(answer.text)
    assert preset.title in client.get(link).text, "also where its address is opened"
    assert preset.title not in client.get("/").text


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/?data.kind=galaxy", "data.kind"),
        ("/?data.kind=plane&training.loss=hinge", "training.loss"),
        (f"/?data.kind=points&data.dataset={'0' * 32}", "dataset"),
    ],
)
def test_an_address_that_cannot_be_opened_is_told_and_changes_nothing(
    client: TestClient, service: FakeService, run_id: str, address: str, told: str
) -> None:
    answer = client.post(f"/runs/{run_id}/open", data={"address": address}, headers=HTML)
    assert answer.status_code in (404, 422)
    message = re.search(r'data-message="([^"]*)"', answer.text)
    assert message
    assert told in message[1]
    assert service.run(run_id).result().revision == 0


def test_nothing_is_opened_in_a_run_that_is_gone(client: TestClient) -> None:
    answer = client.post("/runs/gone/open", data={"address": "/?data.kind=xor"}, headers=HTML)
    assert answer.status_code == 404
