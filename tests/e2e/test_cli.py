"""The command line: training without a server gives what the server gives, and errors are one line."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
import safetensors.numpy

NNPLAY = Path(sys.executable).with_name("nnplay")
EXPERIMENT = {
    "seed": 5,
    "data": {"kind": "xor", "noise": 10, "validation_fraction": 0.1},
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "regularization": {"l2": 0.001}},
}


def _nnplay(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NNPLAY, *arguments], capture_output=True, text=True, timeout=120)


def test_training_gives_what_the_server_gives(http: httpx.Client, tmp_path: Path) -> None:
    file = tmp_path / "exclusive-or.json"
    file.write_text(json.dumps(EXPERIMENT))
    result = _nnplay("train", file, "--until", "epoch=30")
    assert result.returncode == 0, result.stderr
    for word in ("accuracy", "train", "validation", "test"):
        assert word in result.stdout

    run = http.post("/api/v1/runs", json=EXPERIMENT).json()
    http.post(run["links"]["commands"], json={"type": "step", "unit": "epoch", "count": 30})
    folder = tmp_path / "exclusive-or-trained"
    assert sorted(path.name for path in folder.iterdir()) == [
        "experiment.json",
        "history.csv",
        "parameters.safetensors",
    ]
    ours = safetensors.numpy.load((folder / "parameters.safetensors").read_bytes())
    theirs = safetensors.numpy.load(http.get(run["links"]["parameters"]).content)
    assert {name: tensor.tobytes() for name, tensor in ours.items()} == {
        name: tensor.tobytes() for name, tensor in theirs.items()
    }
    history = http.get(run["links"]["history"], headers={"Accept": "text/csv"}).text
    assert (folder / "history.csv").read_text() == history
    assert json.loads((folder / "experiment.json").read_text()) == run["experiment"]
    http.delete(run["links"]["self"])


def test_results_go_where_they_are_wanted_and_divergence_is_told(tmp_path: Path) -> None:
    file = tmp_path / "wild.json"
    training = {"batch_size": 1, "optimizer": {"learning_rate": 1000}}
    network = {"layers": [{"units": 8, "activation": "relu"}]}
    file.write_text(json.dumps({"data": {"kind": "plane", "samples": 100}, "network": network, "training": training}))
    result = _nnplay("train", file, "--until", "step=500", "--out", tmp_path / "deep" / "results")
    assert result.returncode == 1
    assert "iverged" in result.stderr
    assert (tmp_path / "deep" / "results" / "parameters.safetensors").exists()


@pytest.mark.parametrize(
    ("text", "until", "expected"),
    [
        ('{"seed": 1.5}', "epoch=1", "seed"),
        ("{", "epoch=1", "JSON"),
        ('{"data": {"kind": "plane"}, "training": {"loss": "hinge"}}', "epoch=1", "training.loss"),
        ("{}", "never", "epoch=N"),
        ("{}", "epoch=-1", "epoch=N"),
        (None, "epoch=1", "cannot be read"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path: Path, text: str | None, until: str, expected: str) -> None:
    file = tmp_path / "experiment.json"
    if text is not None:
        file.write_text(text)
    result = _nnplay("train", file, "--until", until)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert expected in result.stderr


def test_port_that_is_taken_is_one_line_and_status_2(server_url: str) -> None:
    result = _nnplay("serve", "--port", server_url.rpartition(":")[2])
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "cannot listen" in result.stderr


def test_version_is_the_packages() -> None:
    assert _nnplay("--version").stdout.strip() == version("nn-playground")
