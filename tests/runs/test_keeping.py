"""Runs that outlive their service: what was answered is on disk, and training goes on to the same bits."""

from pathlib import Path

import pytest

from app.errors import NotFound
from app.schemas.frame import FramePart
from tests.runs.conftest import ServiceOf
from tests.runs.driver import SMALLEST, TWO_LAYERS, VISITOR, Driver
from tests.runs.watching import frames, watch

POINTS: frozenset[FramePart] = frozenset({"points"})
ADAM = {"training": {"optimizer": {"kind": "adam"}}}


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
        assert len(driver.service.runs(VISITOR)) == 6


def test_other_visitors_runs_do_not_exist(driver: Driver) -> None:
    run = driver.create().id
    with pytest.raises(NotFound) as others:
        driver.service.access(run, "somebody else")
    with pytest.raises(NotFound) as nobodys:
        driver.service.access("0" * 12, "somebody else")
    assert others.value.detail.replace(run, "") == nobodys.value.detail.replace("0" * 12, "")
    assert driver.service.runs("somebody else") == []


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
