"""Runs that outlive their service: what was answered is on disk, and training goes on to the same bits."""

import asyncio
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app.errors import ComputationFailed, NotFound
from app.schemas.frame import FramePart
from app.storage.records import Change, PutRun
from tests.runs.conftest import ServiceOf
from tests.runs.driver import SMALLEST, TWO_LAYERS, VISITOR, Driver
from tests.runs.watching import frames, watch

POINTS: frozenset[FramePart] = frozenset({"points"})
ADAM = {"training": {"optimizer": {"kind": "adam"}}}


# Services are started and ended again and again, which is no unit's affair.
pytestmark = pytest.mark.e2e


@pytest.fixture
def straight(driver: Driver) -> dict[str, bytes]:
    """The parameters after 300 epochs, an optimiser changed at 100, without any interruption."""
    run = driver.compiled(TWO_LAYERS).id
    driver.play_until(run, epoch=100)
    driver.patch(run, ADAM)
    driver.play_until(run, epoch=300)
    return driver.parameters(run)


def test_run_goes_on_in_another_service_to_the_same_bits(
    service_of: ServiceOf, tmp_path: Path, straight: dict[str, bytes]
) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled(TWO_LAYERS).id
        driver.play_until(run, epoch=100)
        driver.patch(run, ADAM)
        driver.play_until(run, epoch=200)
        before, rows = driver.look(run), driver.service.history(run).rows
    with service_of(data_dir=tmp_path) as driver:
        assert run not in driver.service.scheduler.runs
        assert driver.service.access(run, VISITOR) == "owner"
        after = driver.until(run, lambda run: run.status == "paused")
        ignored = {"undo", "redo"}
        assert after.model_dump(exclude=ignored) == before.model_dump(exclude=ignored)
        assert driver.service.history(run).rows == rows
        assert [entry.step for entry in driver.service.journal(run).result(5).entries] == [2500]
        driver.play_until(run, epoch=300)
        assert driver.parameters(run) == straight


def test_run_that_was_playing_goes_on_by_itself(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled(TWO_LAYERS).id
        driver.tell(run, "play", until={"epoch": 100_000})
        left = driver.until(run, lambda run: run.epoch > 50)
    with service_of(data_dir=tmp_path) as driver:
        driver.until(run, lambda run: run.epoch > left.epoch + 50)
        assert driver.inside(run).goal
        assert driver.look(run).playing


def test_stream_goes_on_behind_what_it_told_before(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled(TWO_LAYERS).id
        driver.tell(run, "step", unit="epoch", count=5)
        viewer = watch(driver, [run], frames(1), parts=POINTS)
    with service_of(data_dir=tmp_path) as driver:
        driver.until(run, lambda run: run.status == "paused")
        driver.tell(run, "step", unit="epoch", count=3)
        watch(driver, [run], frames(2), parts=POINTS, viewer=viewer)
    assert [row[1] for frame in viewer.frames() for row in frame["points"]["rows"]] == list(range(9))


def test_pages_run_that_nobody_has_touched_is_not_kept(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled(attended=True).id
    with service_of(data_dir=tmp_path) as driver, pytest.raises(NotFound):
        driver.look(run)


def test_idle_runs_sleep_and_wake_as_they_were(service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runs.shelf._RESTFUL_SECONDS", 0.0)
    with service_of(max_idle_awake=2) as driver:
        runs = [driver.compiled(SMALLEST).id for _ in range(5)]
        for run in runs:
            driver.tell(run, "step", unit="epoch", count=3)
        kept = [driver.parameters(run) for run in runs]
        driver.create()
        assert len(driver.service.scheduler.runs) <= 3
        assert [driver.parameters(run) for run in runs] == kept
        assert len(driver.listed()) == 6


def test_other_visitors_runs_do_not_exist(driver: Driver) -> None:
    run = driver.create().id
    with pytest.raises(NotFound) as others:
        driver.service.access(run, "somebody else")
    with pytest.raises(NotFound) as nobodys:
        driver.service.access("0" * 12, "somebody else")
    assert others.value.detail.replace(run, "") == nobodys.value.detail.replace("0" * 12, "")
    assert driver.listed("somebody else") == []


def test_deleted_run_is_gone_for_good_after_a_restart(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled().id
        driver.tell(run, "play")
        driver.service.delete(run)
        with pytest.raises(NotFound):
            driver.look(run)
    with service_of(data_dir=tmp_path) as driver, pytest.raises(NotFound):
        driver.look(run)


def test_copy_goes_its_own_way(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.play_until(run, epoch=20)
    copy = driver.service.shelf.copy(run, "a pupil")
    assert driver.service.access(copy.id, "a pupil") == "owner"
    assert (copy.id != run, copy.epoch, copy.status) == (True, 20, "paused")
    assert driver.parameters(copy.id) == driver.parameters(run)
    driver.play_until(copy.id, epoch=30)
    driver.play_until(run, epoch=30)
    assert driver.parameters(copy.id) == driver.parameters(run)
    driver.play_until(copy.id, epoch=31)
    assert driver.look(run).epoch == 30


def test_run_that_cannot_be_written_does_not_keep_others_from_it(
    service_of: ServiceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_of(data_dir=tmp_path) as driver:
        good, bad = driver.compiled().id, driver.compiled().id
        write = driver.service.shelf.store.write

        def refusing(changes: Sequence[Change]) -> None:
            if any(isinstance(change, PutRun) and change.id == bad for change in changes):
                raise OverflowError("a number that no database holds")
            write(changes)

        monkeypatch.setattr(driver.service.shelf.store, "write", refusing)
        with pytest.raises(ComputationFailed, match="cannot keep"):
            driver.tell(bad, "step")
        driver.tell(good, "step")
    with service_of(data_dir=tmp_path) as driver:
        assert driver.look(good).epoch == 1
        assert driver.look(bad).epoch == 0


def test_batch_is_tried_again_while_the_database_is_away(
    service_of: ServiceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.keeper._RETRY_SECONDS", 0.0)
    with service_of(data_dir=tmp_path) as driver:
        run = driver.compiled().id
        write, away = driver.service.shelf.store.write, [True]

        def failing(changes: Sequence[Change]) -> None:
            if away[0]:
                raise OperationalError("write", None, Exception("disk full"))
            write(changes)

        monkeypatch.setattr(driver.service.shelf.store, "write", failing)
        with pytest.raises(ComputationFailed, match="cannot keep"):
            driver.tell(run, "step")
        away[0] = False
    with service_of(data_dir=tmp_path) as driver:
        assert driver.look(run).epoch == 1


def test_page_run_that_was_deleted_untouched_stays_away(driver: Driver) -> None:
    run = driver.compiled(attended=True).id
    driver.service.delete(run)
    assert run not in [known.id for known in driver.listed()]
    with pytest.raises(NotFound):
        driver.look(run)


def test_command_for_a_run_that_is_just_being_deleted_finds_none(driver: Driver) -> None:
    run, busy = driver.compiled().id, threading.Event()
    driver.service.scheduler.submit(lambda: busy.wait(10))
    deleting = threading.Thread(target=driver.service.delete, args=(run,))
    deleting.start()
    time.sleep(0.3)  # until it waits for its turn
    playing = driver.begin(run, "play")
    busy.set()
    with pytest.raises(NotFound):
        playing.result(5)
    deleting.join(5)


def test_watchers_are_sent_away_when_a_run_is_shared_no_more(driver: Driver) -> None:
    run = driver.compiled().id

    async def watched() -> list[bytes]:
        events = driver.service.subscribe([run], POINTS, "").events()
        first = [await anext(events), await anext(events)]
        driver.service.collection.unshare(run)
        return first + [event async for event in events]

    assert asyncio.run(asyncio.wait_for(watched(), 5))
    watch(driver, [run], frames(1), parts=POINTS)
