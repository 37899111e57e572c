"""The server is killed at random moments, again and again, while runs train, change and are watched.

`make crash` does it fifty times.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from app.schemas.document import parse_value
from app.schemas.run import Journal
from tests.e2e.conftest import PATIENCE_SECONDS
from tests.e2e.crowd import Changer, Follower
from tests.engine.replaying import replay
from tests.servers import free_port, running_server

KILLS = int(os.environ.get("NNPLAY_KILLS", "3"))
RUNS = 6
STREAMS = 50
ENDS_WITHIN_SECONDS = 5.0
QUICK = {"NNPLAY_WARM_UP": "false", "NNPLAY_REQUESTS_PER_SECOND": "100000"}


@pytest.mark.timeout(120 + 20 * KILLS)
def test_nothing_is_lost_however_often_the_server_is_killed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    port, dice = free_port(), random.Random(7)
    url = f"http://127.0.0.1:{port}"
    with running_server(tmp_path, QUICK, port) as server:
        runs = [httpx.post(f"{url}/api/v1/runs", json={"seed": seed}).json()["id"] for seed in range(RUNS)]
        for run in runs:  # fast, but not so fast that to do it all again takes long
            for command in ({"type": "speed", "epochs_per_second": 300}, {"type": "play"}):
                httpx.post(f"{url}/api/v1/runs/{run}/commands", json=command).raise_for_status()
        followers = [Follower(url, run) for run in runs]
        changer = Changer(url, runs, random.Random(8))
        threads = [threading.Thread(target=follower.follow, daemon=True) for follower in followers]
        threads.append(threading.Thread(target=changer.change, daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(dice.uniform(1.0, 3.0))
        server.process.kill()
    for kill in range(1, KILLS + 1):
        with running_server(tmp_path, QUICK, port) as server:
            _holds(url, changer)
            time.sleep(dice.uniform(0.05, 3.0))
            if kill < KILLS:
                server.process.kill()
                server.process.wait()
                continue
            changer.end()
            threads[-1].join()
            _check(url, followers, changer)
            for follower in followers:
                follower.end()
    for thread in threads:
        thread.join()
    assert changer.answered > KILLS
    assert not changer.refused
    assert not [problem for follower in followers for problem in follower.problems]
    record_property("answered", changer.answered)
    record_property("cut_off", changer.unanswered)


def test_server_that_is_told_to_end_goes_on_where_it_was(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running_server(tmp_path, QUICK, port) as server:
        runs = [httpx.post(f"{url}/api/v1/runs?play=true", json={"seed": seed}).json()["id"] for seed in range(STREAMS)]
        followers = [Follower(url, run) for run in runs]
        for follower in followers:
            threading.Thread(target=follower.follow, daemon=True).start()
        _wait_for(lambda: all(follower.rows for follower in followers))
        began = time.monotonic()
        server.process.terminate()
        server.process.wait(ENDS_WITHIN_SECONDS)
        assert time.monotonic() - began < ENDS_WITHIN_SECONDS
        assert server.process.returncode == 0
    before = [max(follower.rows) for follower in followers]
    with running_server(tmp_path, QUICK, port):
        _wait_for(lambda: all(max(follower.rows) > last for follower, last in zip(followers, before, strict=True)))
        for follower in followers:
            follower.end()
            assert follower.connections >= 2
            assert not follower.doubled
            assert not follower.problems


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _holds(url: str, changer: Changer) -> None:
    """All that was answered before the server fell is there again."""
    for run, (revision, step) in list(changer.least.items()):
        document = httpx.get(f"{url}/api/v1/runs/{run}").json()
        assert document["revision"] >= revision
        if document["revision"] == revision:
            assert document["step"] >= step, document


def _check(url: str, followers: list[Follower], changer: Changer) -> None:
    for follower in followers:
        address = f"{url}/api/v1/runs/{follower.run}"
        paused = httpx.post(f"{address}/commands", json={"type": "pause"}).json()
        journal = parse_value(Journal, httpx.get(f"{address}/journal").json())
        assert journal.step == paused["step"]
        made = replay(journal).tensors()
        kept = load(httpx.get(f"{address}/parameters").content)
        assert {name: tensor.tobytes() for name, tensor in kept.items()} == {
            name: np.ascontiguousarray(tensor).tobytes() for name, tensor in made.items()
        }
        _complete(follower, httpx.get(f"{address}/history").json()["rows"])


def _complete(follower: Follower, rows: list[list[Any]]) -> None:
    """Every point that the server has was told, once, and as it is."""
    deadline = time.monotonic() + 10
    while (rows[-1][2], rows[-1][0]) not in follower.rows and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not follower.doubled
    told = {(row[2], row[0]): tuple(row) for row in rows}
    assert told.items() <= follower.rows.items()
