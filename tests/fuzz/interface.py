"""The whole REST interface by its OpenAPI document: Schemathesis makes the requests and judges the answers.

Owns how it is run and what is read from its report; what it must know of the playground is in hooks.py.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import running_server

ROOT = Path(__file__).parents[2]
PHASES = "examples,coverage,fuzzing,stateful"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# Lists stay short, and old runs make room while new ones are made.
SERVER = {"NNPLAY_MAX_RUNS": "300", "NNPLAY_WARM_UP": "false"}


@dataclass(frozen=True)
class Judgement:
    """What Schemathesis found."""

    cases: int
    passed: bool
    text: str
    """What it printed."""


@contextmanager
def served(data_dir: Path) -> Generator[str]:
    """The address of a server for requests of all kinds."""
    with running_server(data_dir, SERVER) as server:
        yield server.url


def judge(url: str, directory: Path, *, phases: str, examples: int, seed: int) -> Judgement:
    """Runs these phases with so many examples for each operation and each stateful scenario; writes to `directory`."""
    report = directory / "report.json"
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={CONFIGURATION}",
        "run",
        f"{url}/api/v1/openapi.json",
        "--checks=all",
        f"--phases={phases}",
        f"--max-examples={examples}",
        f"--seed={seed}",
        "--no-color",
        "--report=json",
        f"--report-json-path={report}",
    ]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    text = ended.stdout + ended.stderr
    if not report.exists():
        return Judgement(0, passed=False, text=text)
    told: dict[str, Any] = json.loads(report.read_text())
    return Judgement(told["test_cases"]["generated"], passed=ended.returncode == 0, text=text)
