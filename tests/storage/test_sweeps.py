from dataclasses import replace
from datetime import timedelta

import pytest

from app.storage.records import SweepRow
from app.storage.store import Store
from tests.storage.changes import ME, NOON


def row(sweep_id: str, **given: object) -> SweepRow:
    values: dict[str, object] = {
        "visitor": ME,
        "created": NOON,
        "status": "running",
        "sweep": {"space": {"seed": [1, 2]}},
        "trials": [{"index": 0}, {"index": 1}],
        "best": None,
        "done": 0,
        "total": 2,
    }
    return SweepRow(sweep_id, **(values | given))  # pyright: ignore[reportArgumentType]


def test_a_sweep_is_read_as_it_was_written(store: Store) -> None:
    store.add_sweep(row("a"))
    assert store.sweep("a") == row("a")
    assert store.sweep("b") is None


def test_how_far_it_is_changes_and_what_was_asked_for_does_not(store: Store) -> None:
    store.add_sweep(row("a"))
    further = row("a", status="finished", trials=[{"index": 0, "epoch": 5}], best={"index": 0}, done=2)
    store.update_sweep(replace(further, sweep={}, visitor="eve"))
    assert store.sweep("a") == further


def test_what_is_said_of_a_deleted_one_is_ignored(store: Store) -> None:
    store.add_sweep(row("a"))
    store.delete_sweep("a")
    store.update_sweep(row("a", done=1))
    assert store.sweep("a") is None


def test_a_list_holds_a_visitors_own_without_trials_the_newest_first(store: Store) -> None:
    old, new = row("b", created=NOON - timedelta(days=1)), row("a", best={"index": 1})
    for one in (old, new, row("c", visitor="eve")):
        store.add_sweep(one)
    assert store.sweeps(ME) == [replace(new, trials=[]), replace(old, trials=[])]


def test_those_that_run_are_known_the_oldest_first(store: Store) -> None:
    store.add_sweep(row("a"))
    store.add_sweep(row("b", created=NOON - timedelta(days=1), visitor="eve"))
    for status in ("stopped", "finished"):
        store.add_sweep(row(status, status=status))
    assert store.sweeps_running() == ["b", "a"]
    assert [store.count_sweeps_running(visitor) for visitor in (ME, "eve", "ann")] == [1, 1, 0]


@pytest.mark.parametrize("sweep_id", ["", "\x00", "\ud800", "%", "x" * 10_000])
def test_no_such_sweep(store: Store, sweep_id: str) -> None:
    store.add_sweep(row("a"))
    assert store.sweep(sweep_id) is None
