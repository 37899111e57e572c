"""The real server: start-up, memory, frames on the wire, click to frame, seeds together, and a page in Chromium."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.benchmarks import page, seeds
from tests.benchmarks.report import Table
from tests.benchmarks.work import WORKS
from tests.servers import RunningServer, running_server

PARTS = "points,metrics,weights,inputs,neurons,boundary"
IDLE_RUNS = 200
_CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("learning rate", {"training": {"optimizer": {"learning_rate": 0.1}}}),
    ("optimiser", {"training": {"optimizer": {"kind": "adam"}}}),
    ("activation", {"network": {"layers": [{"units": 4, "activation": "relu"}, {"units": 2, "activation": "relu"}]}}),
    ("neurons", {"network": {"layers": [{"units": 6}, {"units": 3}]}}),
    ("loss", {"training": {"loss": "huber"}}),
    ("batch size", {"training": {"batch_size": 25}}),
    ("regularisation", {"training": {"regularization": {"l2": 0.01}}}),
    ("dataset", {"data": {"kind": "xor"}}),
    ("noise", {"data": {"noise": 20}}),
    ("features", {"data": {"features": ["x1", "x2", "x1*x2"]}}),
)


def measure() -> list[Table]:
    """All that needs a server; it starts twice, the second time with warm caches."""
    with TemporaryDirectory() as directory:
        data_dir = Path(directory)
        cache = {"NNPLAY_CACHE_DIR": directory}
        cold = _start_seconds(data_dir, cache)
        warm = _start_seconds(data_dir, cache)
        with running_server(data_dir, cache) as server, httpx.Client(base_url=server.url, timeout=60) as client:
            time.sleep(60 if not _settled(client) else 0)
            idle = _resident(server)
            per_run = _memory_per_run(server, client)
            return [
                _start_table(cold, warm, idle, per_run),
                _frame_table(client),
                _latency_table(client),
                seeds.measure(client),
                *page.measure(server.url),
            ]


def _start_seconds(data_dir: Path, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    with running_server(data_dir, environment):
        return time.perf_counter() - began


def _settled(client: httpx.Client) -> bool:
    """Whether the warm-up is done: a network of six layers answers at once."""
    run = client.post("/api/v1/runs", content=json.dumps(WORKS[1].experiment.document())).json()
    client.delete(f"/api/v1/runs/{run['id']}")
    return run["status"] != "compiling"


def _resident(server: RunningServer) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def _memory_per_run(server: RunningServer, client: httpx.Client) -> float:
    """kB that a paused run takes, after a few that fill shared caches."""

    def create(count: int) -> None:
        for _ in range(count):
            client.post("/api/v1/runs", content="{}").raise_for_status()

    create(20)
    before = _resident(server)
    create(IDLE_RUNS)
    return (_resident(server) - before) * 1024 / IDLE_RUNS


def _start_table(cold: float, warm: float, idle: float, per_run: float) -> Table:
    table = Table("Start-up and memory", ("what", "measured", "wanted"))
    table.add("`nnplay serve` to ready, nothing compiled yet", f"{cold:.1f} s", "")
    table.add("`nnplay serve` to ready, programs in the persistent cache", f"{warm:.1f} s", "≤ 4 s")
    table.add("resident memory, idle after the warm-up", f"{idle:.0f} MB", "≤ 350 MB")
    table.add("resident memory for each paused run", f"{per_run:.0f} kB", "≤ 200 kB")
    return table


def _frame_table(client: httpx.Client) -> Table:
    """Frames of a run at 30 epochs per second, as a browser gets them (gzip)."""
    table = Table("Frames on the wire", ("network", "frames/s", "bytes a frame", "wanted", "uncompressed"))
    for work, wanted in zip(WORKS, (8, 48), strict=True):
        run = _ready_run(client, work.experiment.document())
        _command(client, run, {"type": "speed", "epochs_per_second": 30})
        _command(client, run, {"type": "play"})
        with client.stream("GET", f"/api/v1/runs/{run}/events", params={"parts": PARTS}) as stream:
            began, frames, text, wire_before = time.perf_counter(), 0, 0, 0
            for line in stream.iter_lines():
                frames += line.startswith("event: frame")
                text += len(line) + 1
                if frames == 1:
                    wire_before = stream.num_bytes_downloaded
                if time.perf_counter() - began > 5:
                    break
            wire = (stream.num_bytes_downloaded - wire_before) / max(1, frames - 1)
        table.add(
            work.name, f"{frames / 5:.0f}", f"{wire / 1000:.1f} kB", f"≤ {wanted} kB", f"{text / frames / 1000:.1f} kB"
        )
        client.delete(f"/api/v1/runs/{run}")
    return table


def _latency_table(client: httpx.Client) -> Table:
    """From sending a change to having read the frame of its revision, while the run trains at full speed."""
    table = Table("Click to changed frame, over REST and SSE, milliseconds", ("change", "median", "worst of 10"))
    run = _ready_run(client, {})
    _command(client, run, {"type": "play"})
    with client.stream("GET", f"/api/v1/runs/{run}/events", params={"parts": PARTS}) as stream:
        frames = _revisions(stream.iter_lines())
        next(frames)
        everything: list[float] = []
        for name, patch in _CHANGES:
            times: list[float] = []
            for _ in range(10):
                began = time.perf_counter()
                reply = client.patch(f"/api/v1/runs/{run}", content=json.dumps(patch)).json()
                while next(frames) < reply["revision"]:
                    pass
                times.append((time.perf_counter() - began) * 1000)
            everything += times
            table.add(name, f"{median(times):.0f}", f"{max(times):.0f}")
    everything.sort()
    table.add("**all, p95 (wanted ≤ 100)**", f"{everything[int(0.95 * len(everything))]:.0f}", f"{everything[-1]:.0f}")
    client.delete(f"/api/v1/runs/{run}")
    return table


def _revisions(lines: Iterator[str]) -> Iterator[int]:
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line[7:]
        elif line.startswith("data: ") and event == "frame":
            yield json.loads(line[6:])["revision"]


def _ready_run(client: httpx.Client, experiment: dict[str, Any]) -> str:
    run = client.post("/api/v1/runs", content=json.dumps(experiment)).json()
    while run["status"] == "compiling":
        time.sleep(0.1)
        run = client.get(f"/api/v1/runs/{run['id']}").json()
    return run["id"]


def _command(client: httpx.Client, run: str, command: dict[str, Any]) -> None:
    client.post(f"/api/v1/runs/{run}/commands", content=json.dumps(command)).raise_for_status()
