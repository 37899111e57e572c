"""A process that is killed while it writes leaves whole transactions, and all that it was told were written."""

import random
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest
from sqlalchemy import text

from app.storage.store import Store
from tests.storage.changes import ME

pytestmark = pytest.mark.e2e

KILLS = 3
# Each transaction writes its number into every part of every run, and tells it once it is written.
WRITER = """
import sys
from datetime import UTC, datetime
from app.storage.records import PutCheckpoint, PutHistory, PutJournal, PutRun
from app.storage.store import Store

store = Store(sys.argv[1])
number = int(sys.argv[2])
while True:
    number += 1
    changes = []
    for run_id in ("a", "b", "c"):
        state = str(number).encode().rjust(20_000, b" ")
        changes.append(PutRun(run_id, "local", {"n": number}, True, "running", number, 0, datetime.now(UTC)))
        changes.append(PutJournal(run_id, 0, ((number, {}),)))
        changes.append(PutHistory(run_id, 0, state, anew=number % 7 == 0))
        changes.append(PutCheckpoint(run_id, number, state))
    store.write(changes)
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_transactions(url: str) -> None:
    number = 0
    clock = random.Random(1)
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", WRITER, url, str(number)], stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == f"{number + 1}\n"
        time.sleep(clock.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        told = [number + 1, *map(int, process.stdout.read().split())]
        process.wait()
        process.stdout.close()
        with closing(Store(url)) as store:
            number = _whole(store)
        assert number in (told[-1], told[-1] + 1)


def _whole(store: Store) -> int:
    """The number of the transaction that all parts of all runs agree on."""
    if store.url.get_backend_name() == "sqlite":
        with store.reader.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    numbers: set[int] = set()
    for row in store.runs(ME):
        numbers |= {row.step, int(str(row.record["n"])), int(store.checkpoint(row.id) or 0)}
        numbers |= {int(store.history(row.id)[-1]), store.journal(row.id)[-1][0]}
    (number,) = numbers
    return number
