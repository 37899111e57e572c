"""Event streams on the wire: compressed once, prompt, whole where they end, and cheap where nobody reads them."""

import gzip
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.conftest import PATIENCE_SECONDS
from tests.servers import RunningServer, running_server

ENDS_WITHIN_SECONDS = 2.0
HUGE = {"network": {"layers": [{"units": 64}] * 8}}


def _command(http: httpx.Client, run_url: str, **command: object) -> None:
    http.post(f"{run_url}/commands", json=command).raise_for_status()


def test_compressed_events_can_be_read_as_they_come(http: httpx.Client, run_url: str) -> None:
    _command(http, run_url, type="step")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with http.stream("GET", f"{run_url}/events", headers={"Accept-Encoding": "br, gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "Accept-Encoding"
        read = b""
        for chunk in response.iter_raw():
            read += inflate.decompress(chunk)
            if read.endswith(b"}\n\n") and b"event: frame" in read:
                break
    frame = next(line for line in read.splitlines() if line.startswith(b"data: ") and b'"boundary"' in line)
    assert json.loads(frame[6:])["epoch"] == 1


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", ""])
def test_client_that_wants_no_gzip_gets_none(http: httpx.Client, run_url: str, accepted: str) -> None:
    with http.stream("GET", f"{run_url}/events", headers={"Accept-Encoding": accepted}) as response:
        assert "content-encoding" not in response.headers
        assert response.headers["vary"] == "Accept-Encoding"
        assert next(response.iter_raw()).startswith(b"retry: ")


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("options", [["--compressed"], ["--header", "Accept-Encoding: gzip"]])
def test_stream_that_ends_is_whole(http: httpx.Client, tmp_path: Path, options: list[str]) -> None:
    url = http.post("/api/v1/runs").headers["location"]
    _command(http, url, type="step", unit="epoch", count=20)
    got = tmp_path / "events"
    command = ["curl", "--silent", "--show-error", "--fail", "--no-buffer", "--noproxy", "*", "--output", got, *options]
    with subprocess.Popen([*command, str(http.base_url.join(f"{url}/events"))], stderr=subprocess.PIPE) as curl:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not got.exists() or got.stat().st_size < 2_000:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        http.delete(url)
        errors = curl.communicate(timeout=PATIENCE_SECONDS)[1]
    assert (curl.returncode, errors) == (0, b"")
    text = got.read_bytes() if options == ["--compressed"] else gzip.decompress(got.read_bytes())
    events = text.decode().split("\n\n")
    assert events[0].startswith("retry: ")
    assert events[-1] == ""
    assert [event.splitlines()[0] for event in events[1:3]] == ["event: status", "event: frame"]


def test_client_that_never_reads_costs_bounded_memory_and_no_other_its_frames(
    tmp_path: Path,
) -> None:
    with running_server(tmp_path, {"NNPLAY_WARM_UP": "false"}) as server:
        http = httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS, trust_env=False)
        url = http.post("/api/v1/runs").headers["location"]
        _command(http, url, type="step", unit="epoch", count=4_200)
        _command(http, url, type="play")
        _frames_within(http, url, 1)
        deaf = [_deaf(server, url) for _ in range(20)]
        time.sleep(1)
        before = _resident_megabytes(server)
        assert _frames_within(http, url, 4) > 20
        assert _resident_megabytes(server) - before < 20
        for client in deaf:
            client.close()
        http.close()


def _deaf(server: RunningServer, run_url: str) -> socket.socket:
    """A client that asks for a stream and reads nothing of it."""
    address = urlsplit(server.url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.connect((address.hostname, address.port))
    client.sendall(f"GET {run_url}/events HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    return client


def _frames_within(http: httpx.Client, run_url: str, seconds: float) -> int:
    """How many frames come."""
    deadline, frames = time.monotonic() + seconds, 0
    with http.stream("GET", f"{run_url}/events") as response:
        for line in response.iter_lines():
            frames += line == "event: frame"
            if time.monotonic() > deadline:
                break
    return frames


def _resident_megabytes(server: RunningServer) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


@pytest.mark.parametrize("seconds", [0.1, 2.0], ids=["tracing", "compiling"])
def test_server_ends_at_once_in_the_middle_of_a_compile(tmp_path: Path, seconds: float) -> None:
    environment = {"NNPLAY_WARM_UP": "false", "NNPLAY_CACHE_DIR": str(tmp_path)}
    with running_server(tmp_path, environment) as server:
        http = httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS, trust_env=False)
        run = http.post("/api/v1/runs?play=true", json=HUGE).json()
        with http.stream("GET", run["links"]["events"]) as response:
            events = response.iter_lines()
            assert "compiling" in next(line for line in events if line.startswith("data: "))
            time.sleep(seconds)
            told = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(30) == 0
            took = time.monotonic() - told
            list(events)  # the stream has ended, too
        http.close()
    assert took < ENDS_WITHIN_SECONDS
    assert server.log.read_text() == f"NN Playground is at {server.url}\n"


def test_process_ends_well_that_stops_its_service_in_the_middle_of_a_compile(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from app.runs.service import RunService
from app.schemas.experiment import PlaneExperiment
from app.settings import Settings
from app.storage.datasets import DatasetStore
from app.storage.store import open_store

settings = Settings(data_dir=Path({str(tmp_path)!r}), cache_dir=Path({str(tmp_path)!r}), warm_up=False)
store = open_store(settings)
service = RunService(settings, DatasetStore(store), store)
service.start()
print(service.create(PlaneExperiment(), visitor="local").status)
service.stop()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "compiling\n", "")
