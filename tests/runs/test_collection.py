"""A visitor's runs as a list, the bin, and how the list stays cheap: nothing is woken for it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import LimitReached, NotFound
from app.runs import shelf
from app.runs.collection import Listed, RunCollection
from tests.runs.conftest import ServiceOf
from tests.runs.driver import SMALLEST, VISITOR, Driver


def collection(driver: Driver) -> RunCollection:
    return driver.service.collection


def found(driver: Driver, run_id: str, *, binned: bool = False) -> Listed:
    (one,) = [run for run in collection(driver).listed(VISITOR, binned=binned) if run.row.id == run_id]
    return one


def test_a_run_that_trains_is_listed_as_it_is_now(driver: Driver) -> None:
    run = driver.compiled(speed=200.0).id
    driver.tell(run, "play")
    driver.until(run, lambda run: run.epoch > 3)
    listed = found(driver, run)
    assert listed.row.status == "running"
    assert listed.row.epoch > 3
    assert listed.words == "Training."
    assert listed.loss is not None
    assert collection(driver).training(VISITOR) == {run}
    driver.tell(run, "pause")
    assert collection(driver).training(VISITOR) == set()
    assert collection(driver).listed("somebody else") == []


def test_sleeping_runs_are_listed_as_they_were_and_sleep_on(
    service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_RESTFUL_SECONDS", 0.0)
    with service_of(max_idle_awake=0) as driver:
        run = driver.compiled().id
        driver.tell(run, "step", unit="epoch", count=7)
        awake = found(driver, run)
        while run in driver.service.scheduler.runs:
            driver.create({**SMALLEST, "seed": 5})  # which lets others sleep
        asleep = found(driver, run)
        assert run not in driver.service.scheduler.runs
        assert asleep.experiment == awake.experiment
        assert (asleep.row.epoch, asleep.words) == (7, awake.words)
        assert asleep.loss == pytest.approx(awake.loss)
        document = asleep.document()
        assert (document.id, document.epoch) == (run, 7)


def test_what_a_page_has_just_made_is_not_listed_until_it_is_touched(driver: Driver) -> None:
    run = driver.compiled(attended=True).id
    assert run not in {listed.row.id for listed in collection(driver).listed(VISITOR)}
    driver.tell(run, "step", unit="batch", count=1)
    assert found(driver, run).row.step == 1


def test_runs_are_put_into_the_bin_and_taken_out_as_they_were(driver: Driver) -> None:
    run = driver.compiled().id
    driver.tell(run, "step", unit="epoch", count=3)
    before = driver.parameters(run)
    collection(driver).bin([run])
    with pytest.raises(NotFound):
        driver.look(run)
    assert found(driver, run, binned=True).row.deleted
    assert collection(driver).owned(VISITOR, [run]) == []
    assert collection(driver).owned(VISITOR, [run], binned=True) == [run]
    collection(driver).unbin(VISITOR, [run])
    assert driver.parameters(run) == before
    assert found(driver, run).row.epoch == 3


def test_the_bin_is_emptied_of_what_has_been_there_for_a_day(
    service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_of() as driver:
        runs = [driver.create().id for _ in range(2)]
        for run in runs:
            collection(driver).bin([run])
        first = found(driver, runs[0], binned=True).row.deleted
        assert first is not None
        monkeypatch.setattr(shelf, "BIN_TIME", datetime.now(UTC) - first - timedelta(milliseconds=1))
        monkeypatch.setattr(shelf, "_EMPTYING_SECONDS", 0.0)
        driver.create()
        assert runs[0] not in {listed.row.id for listed in collection(driver).listed(VISITOR, binned=True)}


def test_the_bin_holds_no_more_than_a_visitor_may(service_of: ServiceOf) -> None:
    with service_of(max_runs_per_visitor=2) as driver:
        runs: list[str] = []
        for _ in range(3):
            runs.append(driver.create().id)
            collection(driver).bin(runs[-1:])
        assert {listed.row.id for listed in collection(driver).listed(VISITOR, binned=True)} == set(runs[1:])


def test_what_comes_out_of_the_bin_counts_again(service_of: ServiceOf) -> None:
    with service_of(max_runs_per_visitor=1) as driver:
        old = driver.create().id
        collection(driver).bin([old])
        driver.create()
        with pytest.raises(LimitReached):
            collection(driver).unbin(VISITOR, [old])
        with pytest.raises(LimitReached):
            driver.service.copy(driver.listed()[0].id, VISITOR)


def test_copies_have_a_picture(driver: Driver) -> None:
    run = driver.compiled().id
    copy = driver.service.copy(run, VISITOR).id
    driver.service.keeper.settled().result(10)
    assert found(driver, copy).row.thumbnail == found(driver, run).row.thumbnail
