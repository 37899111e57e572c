"""Threads share a store: nobody sees half of a transaction, and nobody waits for another's reading."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from app.storage.records import PutJournal
from app.storage.store import Store
from tests.storage.changes import ME, put_run

READERS = 6
ROUNDS = 60


def test_readers_see_whole_transactions(store: Store) -> None:
    store.write([put_run("a"), put_run("b")])
    done = Event()

    def read() -> int:
        reads = 0
        while not done.is_set() or not reads:
            steps = {row.step for row in store.runs(ME)}
            entries = store.journal("a")
            assert len(steps) == 1
            assert len({step for step, _ in entries}) <= 1
            reads += 1
        return reads

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read) for _ in range(READERS)]
        try:
            for number in range(1, ROUNDS + 1):
                store.write(
                    [
                        put_run("a", step=number),
                        put_run("b", step=number),
                        PutJournal("a", 0, ((number, {}), (number, {}), (number, {}))),
                    ]
                )
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)
    assert {row.step for row in store.runs(ME)} == {ROUNDS}


def test_writers_take_turns(store: Store) -> None:
    def write(number: int) -> None:
        store.write([put_run(f"run{number}")])
        store.label(f"run{number}", name=str(number))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(64)))
    assert {row.name for row in store.runs(ME)} == {str(number) for number in range(64)}
