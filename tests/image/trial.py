"""A container of the image, and what it is held to: as a visitor sees it, and from inside."""

import os
import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.image.tools import Containers
from tests.servers import free_port

NAME = "nn-playground-trial"
USER = "10001"
READY_WITHIN_SECONDS = 120.0
STOPPED_WITHIN_SECONDS = 5.0
POLL_SECONDS = 0.05
TRAINED_WITHIN_SECONDS = 60.0
# A form beyond a megabyte is kept in a temporary file while it is read.
LARGE_FORM = {"file": ("points.csv", "x,y,label\n" + "0.123456,0.654321,red\n" * 60_000)}


@dataclass
class Trial:
    """A container that runs, seen by one visitor."""

    containers: Containers
    http: httpx.Client
    began: float
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    """Since `podman run`: until the page was served, until the common programs were compiled, and the processor's time
    for that, which other work on the machine does not lengthen. Since SIGTERM: until the container had ended."""

    def start(self) -> None:
        """Waits until the page is served, then until the server is ready."""
        page = self._first("/", "page served")
        assert re.search(r"<title>.*NN Playground.*</html>", page.text, re.DOTALL), "the page is not the playground's"
        assert self.http.get("/static/vendor/htmx.min.js").is_success, "the page's assets are missing"
        self._first("/readyz", "ready")
        times = self._inside("cat", "/proc/1/stat").rsplit(")", 1)[1].split()
        self.seconds["computed"] = sum(int(ticks) for ticks in times[11:13]) / os.sysconf("SC_CLK_TCK")
        assert self.containers.succeeds("healthcheck", "run", NAME), "the health check fails"

    def train(self) -> str:
        """Makes a run, trains it for exactly 100 epochs, and sees that it has learnt. Returns its address."""
        made = self.http.post("/api/v1/runs", json={"family": "mlp", "data": {"kind": "circle"}}).raise_for_status()
        run = f"/api/v1/runs/{made.json()['id']}"
        self.command(run, type="play", until={"epoch": 100})
        deadline = time.monotonic() + TRAINED_WITHIN_SECONDS
        while (state := self.http.get(run).json())["status"] != "paused" or state["epoch"] != 100:
            assert time.monotonic() < deadline, f"the run does not reach its goal: {state}"
            time.sleep(POLL_SECONDS)
        history = self.http.get(f"{run}/history").raise_for_status().json()
        losses = [row[history["columns"].index("train_loss")] for row in history["rows"]]
        assert losses[-1] < losses[0] / 2, f"the loss went from {losses[0]} to {losses[-1]}"
        return run

    def command(self, run: str, **command: object) -> None:
        """Tells a run what to do."""
        self.http.post(f"{run}/commands", json=command).raise_for_status()

    def look_inside(self) -> None:
        """Sees that the process is nobody's and can write its volume alone, and that nothing needs more."""
        assert self._inside("id", "-u") == USER, "the user is another"
        status = dict(line.split(":\t", 1) for line in self._inside("cat", "/proc/1/status").splitlines())
        assert status["Uid"].split() == [USER] * 4, f"the server runs as {status['Uid']}"
        assert int(status["CapEff"], 16) == 0, f"the server can do more than others: {status['CapEff']}"
        for folder in ("/", "/opt/nn-playground", "/opt/nn-playground/app", "/etc", "/tmp", "/var/tmp"):
            written = self.containers.succeeds("exec", NAME, "touch", f"{folder}/written")
            assert not written, f"{folder} can be written"
        assert self.containers.succeeds("exec", NAME, "touch", "/data/written"), "/data cannot be written"
        answer = self.http.post("/api/v1/datasets", files=LARGE_FORM)
        assert answer.status_code < 500, f"a large form ends in {answer.text}"

    def stop(self) -> None:
        """Sends SIGTERM, and sees that the container ends soon and well."""
        began = time.monotonic()
        self.containers.podman("kill", "--signal", "TERM", NAME)
        status = self.containers.podman("wait", "--interval", "50ms", NAME)
        self.seconds["ended"] = time.monotonic() - began
        assert status == "0", f"SIGTERM ends it with status {status}:\n{self.containers.podman('logs', NAME)}"
        assert self.seconds["ended"] <= STOPPED_WITHIN_SECONDS, f"it ends only after {self.seconds['ended']:.1f} s"

    def _inside(self, *command: str) -> str:
        return self.containers.podman("exec", NAME, *command)

    def _first(self, path: str, what: str) -> httpx.Response:
        """The first good answer."""
        while True:
            try:
                answer = self.http.get(path)
                if answer.is_success:
                    self.seconds[what] = time.monotonic() - self.began
                    return answer
                problem = answer.text[:300]
            except httpx.TransportError as error:
                problem = str(error)
            assert time.monotonic() - self.began < READY_WITHIN_SECONDS, f"{path} is not answered: {problem}"
            time.sleep(POLL_SECONDS)


@contextmanager
def trial(
    containers: Containers,
    image: str,
    volume: str,
    *,
    cookies: httpx.Cookies | None = None,
    environment: Mapping[str, str] | None = None,
    mount: str | None = None,
) -> Generator[Trial]:
    """Runs the image with nothing but its volume to write to, without capabilities; removes the container at the end.

    The visitor comes with the cookies of an earlier trial where they are given. `mount` is a folder of this machine.
    """
    port = free_port()
    variables = [f"--env={name}={value}" for name, value in (environment or {}).items()]
    mounts = [f"--volume={volume}:/data", *([f"--volume={mount}:{mount}"] if mount else [])]
    bounds = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--security-opt=no-new-privileges"]
    limits = [
        "--ulimit=nofile=1024:4096",
        "--ulimit=nproc=1024:4096",
    ]  # no more than a machine without limits.conf allows
    began = time.monotonic()
    containers.podman(
        "run",
        "--detach",
        "--name",
        NAME,
        f"--publish=127.0.0.1:{port}:8000",
        *bounds,
        *limits,
        *variables,
        *mounts,
        image,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=30, trust_env=False) as http:
            yield Trial(containers, http, began)
    except Exception as error:
        error.add_note(containers.podman("logs", NAME))
        raise
    finally:
        containers.podman("rm", "--force", "--time", "0", NAME)
