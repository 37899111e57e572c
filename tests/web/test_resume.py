"""A run that the server has forgotten is made anew from the page's address, and brought to where it was."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.web.visitors import LOCAL
from tests.web.fakes import FakeService

PAGE = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?data.kind=spiral&view.test_points=true"}


def resumed(client: TestClient, service: FakeService, **left: object) -> dict[str, Any]:
    form = {"epoch": "340", "playing": "true", "epochs_per_second": "100", **{k: str(v) for k, v in left.items()}}
    answer = client.post("/resume", data=form, headers=PAGE)
    assert answer.status_code == 200, answer.text
    assert 'id="lab"' in answer.text
    assert answer.headers["hx-replace-url"] == "/?data.kind=spiral&view.test_points=true"
    [run] = service.runs(LOCAL)
    return run.model_dump()


def test_a_run_that_played_is_brought_to_its_epoch_and_plays_on(client: TestClient, service: FakeService) -> None:
    run = resumed(client, service)
    assert run["experiment"]["data"]["kind"] == "spiral"
    assert (run["epoch"], run["playing"], run["speed"]) == (340, True, 100.0)


def test_a_run_that_rested_rests(client: TestClient, service: FakeService) -> None:
    run = resumed(client, service, playing="false", epochs_per_second="")
    assert (run["epoch"], run["playing"], run["speed"]) == (340, False, None)


def test_more_epochs_than_one_command_may_ask_for(client: TestClient, service: FakeService) -> None:
    assert resumed(client, service, epoch=250_000)["epoch"] == 250_000


@pytest.mark.parametrize("form", [{}, {"epoch": "-1", "playing": "true", "epochs_per_second": ""}])
def test_what_makes_no_sense_is_refused(client: TestClient, form: dict[str, str]) -> None:
    assert client.post("/resume", data=form, headers=PAGE).status_code == 422
