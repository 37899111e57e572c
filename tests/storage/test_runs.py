"""Runs in the store: what was written is read again, whole transactions at a time."""

from datetime import UTC, datetime, timedelta, timezone
from time import perf_counter

import pytest
from sqlalchemy import event

from app.storage.records import DropCheckpoint, PutCheckpoint, PutHistory, PutJournal, PutThumbnail
from app.storage.store import Store
from tests.storage.changes import ME, NOON, put_run


def ids(store: Store) -> list[str]:
    return [row.id for row in store.runs(ME)]


def test_a_run_is_read_as_it_was_written(store: Store) -> None:
    record = {"experiment": {"ä": [1, 2.5, None, True, "\x00\ud800"]}, "speed": 1e300}
    store.write([put_run("a", record=record, playing=True, status="running", step=2**40, epoch=7)])
    row = store.run("a")
    assert row
    assert (row.id, row.visitor, row.record) == ("a", ME, record)
    assert (row.playing, row.status, row.step, row.epoch) == (True, "running", 2**40, 7)
    assert (row.name, row.notes, row.tags, row.share, row.deleted, row.thumbnail) == ("", "", (), None, None, None)
    assert store.run("b") is None


def test_times_are_in_utc(store: Store) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=-5))) + timedelta(microseconds=1)
    store.write([put_run("a", touched=local)])
    row = store.run("a")
    assert row
    assert row.touched == local
    assert row.touched.tzinfo is row.created.tzinfo is UTC


def test_a_run_keeps_its_beginning_and_its_labels(store: Store) -> None:
    store.write([put_run("a"), PutThumbnail("a", "<svg/>")])
    store.label("a", name="first", notes="of all", tags=["x", "y"])
    later = NOON + timedelta(hours=1)
    store.write([put_run("a", touched=later, step=5)])
    row = store.run("a")
    assert row
    assert (row.created, row.touched, row.step) == (NOON, later, 5)
    assert (row.name, row.notes, row.tags, row.thumbnail) == ("first", "of all", ("x", "y"), "<svg/>")


def test_a_label_that_is_not_given_stays(store: Store) -> None:
    store.write([put_run("a")])
    store.label("a", name="n", notes="o", tags=["t"])
    store.label("a", notes="")
    store.label("a")
    row = store.run("a")
    assert row
    assert (row.name, row.notes, row.tags) == ("n", "", ("t",))


def test_what_no_database_takes_is_replaced(store: Store) -> None:
    store.write([put_run("a")])
    store.label("a", name="\x00b\ud800", tags=["\x00"])
    row = store.run("a")
    assert row
    assert (row.name, row.tags) == ("\ufffdb\ufffd", ("\x00",))
    for strange in ("\x00", "a\x00", "\ud800", "a'; DROP TABLE runs; --"):
        assert store.run(strange) is None
        assert store.run_of_share(strange) is None
        assert not store.is_reader("a", strange)


def test_a_journal_is_continued_and_rewritten(store: Store) -> None:
    store.write([put_run("a"), put_run("b"), PutJournal("a", 0, ((1, {"n": 1}), (2, {"n": 2})))])
    store.write([PutJournal("a", 2, ((3, {"n": 3}),)), PutJournal("b", 0, ((9, {}),))])
    assert store.journal("a") == [(1, {"n": 1}), (2, {"n": 2}), (3, {"n": 3})]
    store.write([PutJournal("a", 1, ((4, {"n": 4}), (5, {"n": 5}))), PutJournal("a", 2, ())])
    assert store.journal("a") == [(1, {"n": 1}), (4, {"n": 4})]
    assert store.journal("b") == [(9, {})]


def test_a_run_has_one_checkpoint(store: Store) -> None:
    store.write([put_run("a"), put_run("b"), PutCheckpoint("a", 1, b"old"), PutCheckpoint("b", 1, bytes(range(256)))])
    store.write([PutCheckpoint("a", 2, b"older"), DropCheckpoint("b"), PutCheckpoint("a", 3, b"new")])
    assert (store.checkpoint("a"), store.checkpoint("b")) == (b"new", None)
    store.write([DropCheckpoint("a"), PutCheckpoint("b", 4, b"again"), DropCheckpoint("none")])
    assert (store.checkpoint("a"), store.checkpoint("b")) == (None, b"again")


def test_a_curve_grows_until_it_begins_anew(store: Store) -> None:
    store.write([put_run("a"), put_run("b"), PutHistory("a", 0, b"1", anew=True), PutHistory("b", 0, b"x", anew=False)])
    store.write([PutHistory("a", 0, b"2", anew=False), PutHistory("a", 0, b"3", anew=False)])
    assert store.history("a") == [b"1", b"2", b"3"]
    store.write([PutHistory("a", 0, b"4", anew=False), PutHistory("a", 5, b"5", anew=True)])
    store.write([PutHistory("a", 5, b"6", anew=False)])
    assert store.history("a") == [b"5", b"6"]
    assert store.history("b") == [b"x"]


def test_the_size_is_that_of_all_parts(store: Store) -> None:
    store.write([put_run("a", record={})])
    store.write([PutCheckpoint("a", 1, bytes(1000)), PutHistory("a", 0, bytes(200), anew=False)])
    store.write([PutHistory("a", 0, bytes(30), anew=False)])
    assert store.runs(ME)[0].bytes == len("{}") + 1000 + 230
    store.write([DropCheckpoint("a"), PutHistory("a", 1, bytes(7), anew=True)])
    assert store.runs(ME)[0].bytes == len("{}") + 7


def test_nothing_is_written_where_one_change_fails(store: Store) -> None:
    store.write([put_run("a", step=1)])
    with pytest.raises(Exception, match="JSON"):
        store.write([put_run("a", step=2), PutJournal("a", 0, ((1, {"nan": float("nan")}),))])
    row = store.run("a")
    assert row
    assert row.step == 1


def test_what_is_said_of_a_purged_run_is_ignored(store: Store) -> None:
    store.write([put_run("a"), put_run("b")])
    store.purge(["a"])
    late = (PutCheckpoint("a", 1, b"1"), PutHistory("a", 0, b"1", anew=False), PutJournal("a", 0, ((0, {}),)))
    store.write([*late, PutThumbnail("a", ""), DropCheckpoint("a"), PutCheckpoint("b", 1, b"1")])
    assert store.run("a") is None
    assert (store.checkpoint("a"), store.history("a"), store.journal("a")) == (None, [], [])
    assert store.checkpoint("b") == b"1"


def test_runs_are_a_visitors_and_the_last_touched_is_first(store: Store) -> None:
    for number, run_id in enumerate("bca"):
        store.write([put_run(run_id, touched=NOON + timedelta(seconds=number // 2))])
    store.write([put_run("d", visitor="somebody else", playing=True)])
    assert ids(store) == ["a", "b", "c"]
    assert (store.count(), store.count(ME), store.count("nobody")) == (4, 3, 0)


def test_a_binned_run_is_out_of_sight_until_it_is_taken_back(store: Store) -> None:
    store.write([put_run("a", playing=True), put_run("b", playing=True)])
    store.bin(["a", "none"])
    assert (ids(store), [row.id for row in store.runs(ME, binned=True)]) == (["b"], ["a"])
    assert (store.playing(), store.count(), store.count(ME)) == (["b"], 1, 1)
    row = store.run("a")
    assert row
    assert row.deleted
    assert abs(row.deleted - datetime.now(UTC)) < timedelta(minutes=1)
    store.unbin(["a"])
    row = store.run("a")
    assert row
    assert (row.deleted, row.playing) == (None, False)
    assert ids(store) == ["a", "b"]


def test_those_left_longest_make_room_first(store: Store) -> None:
    store.write([put_run(run_id, touched=NOON - timedelta(days=age)) for age, run_id in enumerate("abcdef")])
    store.write([put_run("f", playing=True)])
    store.label("e", name="mine")
    store.bin(["d"])
    assert store.resting(2) == ["c", "b"]


def test_only_what_was_binned_before_is_purged(store: Store) -> None:
    store.write([put_run(run_id) for run_id in "abc"])
    store.bin(["a"])
    between = datetime.now(UTC)
    store.bin(["a", "b"])  # `a` has been there for longer
    assert store.purge_binned(between) == 1
    assert [store.run(run_id) is None for run_id in "abc"] == [True, False, False]


def test_a_bin_that_is_too_full_loses_what_has_been_there_longest(store: Store) -> None:
    store.write([put_run(run_id) for run_id in "abcd"])
    for run_id in "bac":
        store.bin([run_id])
    assert store.trim_bin(3) == 0
    assert store.trim_bin(1) == 2
    assert [store.run(run_id) is None for run_id in "abcd"] == [True, True, False, False]
    store.write([put_run("e", visitor="another")])
    store.bin(["e"])
    assert store.trim_bin(1) == 0
    assert store.trim_bin(0) == 2
    assert store.count() == 1


def test_runs_are_listed_and_read_without_what_is_large(store: Store) -> None:
    store.write([put_run("a"), PutCheckpoint("a", 1, b"1"), PutHistory("a", 0, b"1", anew=False)])
    said: list[str] = []
    event.listen(store.reader, "before_cursor_execute", lambda *arguments: said.append(arguments[2]))
    assert store.runs(ME)
    assert store.run("a")
    assert len(said) == 2
    assert not any(table in statement for statement in said for table in ("checkpoints", "journal", "FROM history"))


def test_a_batch_of_many_runs_is_written_quickly(store: Store) -> None:
    batch = [
        change
        for number in range(100)
        for change in (
            put_run(f"run{number}", record={"experiment": {"x": "y" * 1_000}}),
            PutCheckpoint(f"run{number}", 1, bytes(20_000)),
            PutHistory(f"run{number}", 0, bytes(2_000), anew=False),
        )
    ]
    took: list[float] = []
    for _ in range(10):
        began = perf_counter()
        store.write(batch)
        took.append(perf_counter() - began)
    # 10 ms for SQLite and 35 for PostgreSQL at best; the rest is for a busy machine.
    assert min(took) < 0.12
