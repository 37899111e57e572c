"""A run that the server has forgotten is made anew from the page's address, and brought to where it was."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.fakes import FakeService

PAGE = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?data.kind=spiral&view.test_points=true"}


def resumed(client: TestClient, service: FakeService, **left: object) -> dict[str, Any]:
    form = {"epoch": "340", "playing": "true", "epochs_per_second": "100", **{k: str(v) for k, v in left.items()}}
    answer = client.post("/runs/gone/resume", data=form, headers=PAGE)
    assert answer.status_code == 200, answer.text
    assert 'id="lab"' in answer.text
    assert answer.headers["hx-replace-url"] == "/?data.kind=spiral&view.test_points=true"
    [run] = service.runs()
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


def test_a_run_that_is_still_there_stays_as_it_is(client: TestClient, service: FakeService, run_url: str) -> None:
    run_id = run_url.rsplit("/", 1)[1]
    form = {"epoch": "5", "playing": "true", "epochs_per_second": ""}
    answer = client.post(f"/runs/{run_id}/resume", data=form, headers=PAGE)
    assert f'data-run="{run_id}"' in answer.text
    [run] = service.runs()
    assert (run.epoch, run.playing) == (0, False)


@pytest.mark.parametrize("form", [{}, {"epoch": "-1", "playing": "true", "epochs_per_second": ""}])
def test_what_makes_no_sense_is_refused(client: TestClient, form: dict[str, str]) -> None:
    assert client.post("/runs/gone/resume", data=form, headers=PAGE).status_code == 422
