"""The server's own life: where it says it is, and how it ends with streams and requests open."""

import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.servers import running_server

ENDS_WITHIN_SECONDS = 2.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_ends_at_once_with_streams_and_a_long_command_open(tmp_path: Path, number: signal.Signals) -> None:
    began, ended = threading.Semaphore(0), list[str]()

    def watch(url: str) -> None:
        with httpx.stream("GET", url, timeout=30, trust_env=False) as response:
            for _ in response.iter_raw():
                began.release()
        ended.append("stream")

    def train(url: str) -> None:
        response = httpx.post(url, json={"type": "step", "count": 100_000}, timeout=30, trust_env=False)
        ended.append(f"command {response.status_code}")

    with running_server(tmp_path, {"NNPLAY_WARM_UP": "false"}) as server:
        run = httpx.post(f"{server.url}/api/v1/runs", trust_env=False).json()
        links = {name: f"{server.url}{path}" for name, path in run["links"].items()}
        targets = [(watch, links["events"]), (watch, links["events"]), (train, links["commands"])]
        threads = [threading.Thread(target=target, args=(url,)) for target, url in targets]
        for thread in threads:
            thread.start()
        for _ in range(4):
            assert began.acquire(timeout=30)
        time.sleep(0.3)
        told = time.monotonic()
        server.process.send_signal(number)
        server.process.wait(10)
        took = time.monotonic() - told
        for thread in threads:
            thread.join(10)
    assert took < ENDS_WITHIN_SECONDS
    assert sorted(ended) == ["command 503", "stream", "stream"]
    assert "Traceback" not in server.log.read_text()


def test_server_says_in_one_line_where_it_is(tmp_path: Path) -> None:
    with running_server(tmp_path, {"NNPLAY_WARM_UP": "false"}) as server:
        assert server.log.read_text() == f"NN Playground is at {server.url}\n"
