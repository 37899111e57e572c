"""The documentation's examples run as they stand: every body is sent, every command is pasted into a shell."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.web.api.reference import OF_PICTURES, QUERIES


def test_every_example_body_is_accepted(http: httpx.Client) -> None:
    document = http.get("/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                for name, example in content.get("examples", {}).items():
                    url = http.post("/api/v1/runs", json=_run_for(operation)).headers["location"]
                    sweep = http.post("/api/v1/sweeps", json={"space": {"seed": [1, 2]}, "epochs": 2}).json()["id"]
                    address = path.replace("{run_id}", url.rpartition("/")[2]).replace("{sweep_id}", sweep)
                    address += QUERIES.get((method, path), "")
                    value = example["value"]
                    body = value if isinstance(value, str) else json.dumps(value)
                    response = http.request(method, address, content=body, headers={"Content-Type": media_type})
                    assert response.is_success, f"{method} {path} {name}: {response.text}"
                    assert str(response.status_code) in operation["responses"]
                    http.delete(url)


def _run_for(operation: dict[str, Any]) -> dict[str, str]:
    return {"family": "cnn"} if OF_PICTURES in operation["tags"] else {}


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_every_command_of_the_page_runs_in_a_shell(http: httpx.Client, server_url: str, tmp_path: Path) -> None:
    page = http.get("/api/v1/docs").text
    start, *commands = [
        html.unescape(text) for text in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    ]
    assert len(commands) >= 25
    for command in commands:
        assert server_url in command
        curl = command.replace("curl -s", "curl -s --noproxy '*' --fail-with-body --max-time 20", 1)
        if " -sN " in command:  # an endless stream: half a second of it will do
            curl = command.replace("curl -sN", "timeout 0.5 curl -sN --noproxy '*' --fail") + "; test $? = 124"
        shell = ["bash", "-c", f"{start}\n{curl}"]
        result = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
