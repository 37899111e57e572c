"""The real server as a subprocess, for tests that need more than the application object.

Owns start, readiness and end of `nnplay serve`; knows nothing of pages or runs. Used by the fixture `server_url` and by
tests that need a server of their own (restart, shutdown, limits).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.databases import database_url

# Where stand-ins are for packages that tests do without.
STAND_INS = str(Path(__file__).with_name("stand_ins"))
PYTHON_PATH = os.pathsep.join(filter(None, (STAND_INS, os.environ.get("PYTHONPATH"))))
READY_WITHIN_SECONDS = 120.0
STOPPED_WITHIN_SECONDS = 15.0


@dataclass(frozen=True)
class RunningServer:
    """A server that has answered `/readyz` with 200: its address, its process and where it writes its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_server(
    data_dir: Path, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Generator[RunningServer]:
    """Start `nnplay serve` on `port`, or a free one, wait until it is ready, and end it by its process id on leaving.

    Args:
        data_dir: the server's NNPLAY_DATA_DIR; the log goes there too. Give the same one twice to test a restart; a
            database of PostgreSQL belongs to it, too.
        environment: variables to set or override for the server, on top of this process's own.
        port: where it listens; give the same one twice to test a restart under the eyes of a page.

    Raises:
        RuntimeError: the server ended, or was not ready in time; the message ends with its log.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    log = data_dir / "server.log"
    command = Path(sys.executable).with_name("nnplay")
    variables = {**os.environ, "NNPLAY_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    if database := database_url(data_dir):
        variables["NNPLAY_DATABASE_URL"] = database
    variables |= environment or {}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [command, "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = RunningServer(url, process, log)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        _stop(process)


def _wait_until_ready(server: RunningServer) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            problem = f"ended with status {server.process.returncode}"
            break
        try:
            if httpx.get(f"{server.url}/readyz", timeout=2, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.05)
    else:
        problem = f"was not ready within {READY_WITHIN_SECONDS:.0f} s"
    message = f"The server {problem}. Its log:\n{server.log.read_text(errors='replace')[-4000:]}"
    raise RuntimeError(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
