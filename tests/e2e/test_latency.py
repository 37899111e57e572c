"""From a change to the frame that shows it, and how little a compile is in the way of other runs.

The design wants 100 ms for the 95th of 100 changes, and frames of other runs delayed by no more than 200 ms. What is
asserted leaves room for machines that do other things as well; the figures are logged (`pytest -rP`).
"""

import json
import logging
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from threading import Condition, Thread
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import PATIENCE_SECONDS
from tests.servers import running_server

pytestmark = pytest.mark.alone

LOGGER = logging.getLogger(__name__)
CHANGE_SECONDS, NOISY_CHANGE_SECONDS = 0.1, 0.3
DELAY_SECONDS, NOISY_DELAY_SECONDS = 0.2, 0.5
FRAME_SECONDS = 0.05
HUGE = {"network": {"layers": [{"units": 64}] * 8}}
CHANGES: dict[str, list[dict[str, Any]]] = {
    "learning rate": [{"training": {"optimizer": {"learning_rate": rate}}} for rate in (0.1, 0.01, 0.03)],
    "optimiser": [{"training": {"optimizer": {"kind": kind}}} for kind in ("adam", "rmsprop", "lion", "sgd")],
    "activation": [
        {"network": {"layers": [{"units": 4, "activation": name}, {"units": 2}]}} for name in ("relu", "sine", "tanh")
    ],
    "dropout": [{"network": {"layers": [{"units": 4, "dropout": rate}, {"units": 2}]}} for rate in (0.5, 0.1)],
    "loss": [{"training": {"loss": name}} for name in ("huber", "binary_cross_entropy", None)],
    "batch size": [{"training": {"batch_size": size}} for size in (1, 250, 10)],
    "regularisation": [{"training": {"regularization": {"l1": rate, "l2": rate}}} for rate in (0.01, 0)],
    "clipping": [{"training": {"clipping": {"kind": kind}}} for kind in ("norm", "value", "none")],
    "schedule": [{"training": {"schedule": {"kind": kind}}} for kind in ("cosine", "step", "constant")],
    "dataset": [{"data": {"kind": kind}} for kind in ("spiral", "xor", "moons", "gaussian")],
    "noise": [{"data": {"noise": noise}} for noise in (50, 5, 0)],
    "split": [{"data": {"train_fraction": part}} for part in (0.8, 0.2, 0.5)],
    "features": [{"data": {"features": names}} for names in (["x1"], ["x1", "x2", "sin(x1)"], ["x1", "x2"])],
    "scaling": [{"data": {"scaling": kind}} for kind in ("standard", "none")],
    "samples": [{"data": {"samples": count}} for count in (100, 500)],
    "neurons": [{"network": {"layers": [{"units": count}, {"units": 8}]}} for count in (1, 8, 5)],
    "initialiser": [{"network": {"init": {"kind": kind}}} for kind in ("orthogonal", "uniform")],
    "seed": [{"seed": seed} for seed in range(1, 4)],
}


class Watcher:
    """A stream of a run with everything that there is to see, read in a thread: when each frame came."""

    def __init__(self, http: httpx.Client, run_url: str) -> None:
        self.times: list[float] = []
        self._news = Condition()
        self._revision = -1
        self._left = False
        self._thread = Thread(target=self._read, args=(http, f"{run_url}/events"))

    def _read(self, http: httpx.Client, url: str) -> None:
        kind = ""
        with http.stream("GET", url) as response:
            for line in response.iter_lines():
                if line.startswith("event: "):
                    kind = line
                elif line.startswith("data: ") and kind == "event: frame":
                    with self._news:
                        self.times.append(time.monotonic())
                        self._revision = json.loads(line[6:])["revision"]
                        self._news.notify_all()
                if self._left:
                    return

    @contextmanager
    def watching(self) -> Generator["Watcher"]:
        """Reads until it is left."""
        self._thread.start()
        try:
            self.wait_for(0)
            yield self
        finally:
            self._left = True
            self._thread.join(PATIENCE_SECONDS)

    def wait_for(self, revision: int) -> float:
        """When the first frame of this revision had come."""
        with self._news:
            assert self._news.wait_for(lambda: self._revision >= revision, PATIENCE_SECONDS)
            return time.monotonic()

    def longest_gap(self, began: float, ended: float) -> float:
        """The longest time between two frames, in seconds."""
        times = [time for time in self.times if began <= time <= ended]
        return max(after - before for before, after in pairwise(times))


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that compiles nothing but what it is asked for, and finds nothing in a cache."""
    data_dir = tmp_path_factory.mktemp("data")
    environment = {"NNPLAY_WARM_UP": "false", "NNPLAY_CACHE_DIR": str(data_dir / "cache")}
    with (
        running_server(data_dir, environment) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def run_url(http: httpx.Client) -> Iterator[str]:
    """A run of the default Experiment that trains at full speed."""
    url = http.post("/api/v1/runs").headers["location"]
    _command(http, url, type="step")
    _command(http, url, type="play")
    yield url
    http.delete(url)


def _command(http: httpx.Client, run_url: str, **command: object) -> None:
    http.post(f"{run_url}/commands", json=command).raise_for_status()


@pytest.mark.parametrize("speed", [None, 30])
def test_change_shows_in_a_frame_at_once(http: httpx.Client, run_url: str, speed: float | None) -> None:
    _command(http, run_url, type="speed", epochs_per_second=speed)
    delays: list[tuple[float, str]] = []
    with Watcher(http, run_url).watching() as watcher:
        for name, patches in CHANGES.items():
            for patch in patches:
                began, revision = time.monotonic(), len(delays) + 1
                run = http.patch(run_url, json=patch).json()
                assert run["revision"] == revision, run
                assert run["applied"] != "recompiled"
                delays.append((watcher.wait_for(revision) - began, name))
    delays.sort()
    p95 = delays[int(0.95 * len(delays))][0]
    LOGGER.warning(
        f"{len(delays)} changes at {speed or 'full speed'}: median {delays[len(delays) // 2][0] * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms (wanted {CHANGE_SECONDS * 1000:.0f}), "
        f"worst {delays[-1][0] * 1000:.0f} ms ({delays[-1][1]})"
    )
    assert p95 <= NOISY_CHANGE_SECONDS


def test_new_bucket_says_so_at_once_and_is_not_in_the_way_of_others(http: httpx.Client, run_url: str) -> None:
    with Watcher(http, run_url).watching() as watcher:
        time.sleep(1)
        usual = watcher.longest_gap(0, time.monotonic())
        began = time.monotonic()
        response = http.post("/api/v1/runs", json=HUGE)
        said = time.monotonic() - began
        url = response.headers["location"]
        assert response.json()["status"] == "compiling"
        while http.get(url).json()["status"] == "compiling":
            time.sleep(0.1)
        ended = time.monotonic()
        http.delete(url)
    gap = watcher.longest_gap(began - FRAME_SECONDS, ended)
    LOGGER.warning(
        f"compiled in {ended - began:.1f} s, which was said in {said * 1000:.0f} ms; longest time between frames of "
        f"another run {gap * 1000:.0f} ms meanwhile, {usual * 1000:.0f} ms before"
    )
    assert said <= NOISY_DELAY_SECONDS
    assert gap - FRAME_SECONDS <= NOISY_DELAY_SECONDS
