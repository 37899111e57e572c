"""The small picture that is kept of every run, so that a list can show it without waking it."""

import json
import time
from typing import Any

import pytest

from app.runs import keeper, scheduler
from app.storage.store import Store
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver


def picture(driver: Driver, run_id: str) -> dict[str, Any] | None:
    store: Store = driver.service.shelf.store
    driver.service.keeper.settled().result(PATIENCE_SECONDS)
    row = store.run(run_id)
    return json.loads(row.thumbnail) if row and row.thumbnail else None


def test_a_run_that_rests_has_a_picture_of_what_it_answers_now(driver: Driver) -> None:
    run = driver.compiled().id
    first = picture(driver, run)
    assert first
    assert first["boundary"]["value"]["shape"] == [25, 25]
    driver.tell(run, "step", unit="epoch", count=20)
    second = picture(driver, run)
    assert second != first
    driver.tell(run, "reset")
    assert picture(driver, run) == first


def test_several_classes_have_a_picture_of_several_colours(driver: Driver) -> None:
    run = driver.compiled({**SMALLEST, "data": {"kind": "blobs", "classes": 3}}).id
    drawn = picture(driver, run)
    assert drawn
    assert drawn["boundary"].keys() == {"x_range", "y_range", "class", "confidence"}


def test_a_change_of_the_classes_is_drawn_anew(driver: Driver) -> None:
    run = driver.compiled().id
    driver.patch(run, {"data": {"kind": "blobs", "classes": 3}})
    driver.until(run, lambda run: run.status != "compiling")
    drawn = picture(driver, run)
    assert drawn
    assert "class" in drawn["boundary"]


def test_what_trains_unwatched_is_drawn_now_and_then(service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (keeper, scheduler):
        monkeypatch.setattr(module, "PICTURE_SECONDS", 0.2)
    monkeypatch.setattr(scheduler, "KEEP_SECONDS", 0.1)
    with service_of() as driver:
        run = driver.compiled(speed=100.0).id
        driver.tell(run, "play")
        seen: set[str] = set()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(seen) < 3:
            assert time.monotonic() < deadline
            seen.add(json.dumps(picture(driver, run)))
            time.sleep(0.05)
