"""Pictures of OpenML's: read from what it answers, or, where it does not answer, told so in time.

OpenML's answers lie in scikit-learn's cache, where they are looked for before the network is.
"""

import gzip
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.data.pictures import openml
from app.data.pictures.openml import SOURCES, Source, fetch
from app.errors import InvalidInput
from app.settings import Settings
from tests.data.pictures.cases import drawn

MNIST, CIFAR_10 = SOURCES
ROWS = 40
API = "api/v1/json/data"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pictures are kept."""
    monkeypatch.setattr(openml, "settings", lambda: Settings(data_dir=tmp_path))
    monkeypatch.setattr(openml, "PATIENCE_SECONDS", 100)  # on a machine that is busy with other tests
    attempts: dict[Source, Any] = {}
    monkeypatch.setattr(openml, "_attempts", attempts)
    yield tmp_path / "fetched"
    for attempt in attempts.values():
        attempt.process.kill()
        attempt.process.wait()


def _values(source: Source) -> np.ndarray[Any, np.dtype[np.uint8]]:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (ROWS, *source.shape), dtype=np.uint8)


def _answers(source: Source, folder: Path) -> None:
    """Puts all that OpenML says of a dataset where scikit-learn keeps it."""
    values = _values(source).reshape(ROWS, -1)
    names = [f"pixel{index}" for index in range(values.shape[1])]
    header = [f"@RELATION {source.name}", *(f"@ATTRIBUTE {name} INTEGER" for name in names)]
    labels = [str(index % 10) for index in range(ROWS)]
    rows = [",".join([*map(str, row.tolist()), label]) for row, label in zip(values, labels, strict=True)]
    classes = f"@ATTRIBUTE class {{{','.join('0123456789')}}}"
    arff = "\n".join([*header, classes, "@DATA", *rows, ""]).encode()
    features = [
        {"index": str(index), "name": name, "data_type": "numeric", "is_target": "false"}
        for index, name in enumerate(names)
    ]
    features.append({"index": str(len(names)), "name": "class", "data_type": "nominal", "is_target": "true"})
    flags = {"number_of_missing_values": "0", "is_ignore": "false", "is_row_identifier": "false"}
    description = {
        "id": "1",
        "name": source.name,
        "version": "1",
        "description": "",
        "status": "active",
        "format": "ARFF",
        "file_id": "1",
        "default_target_attribute": "class",
        "md5_checksum": hashlib.md5(arff).hexdigest(),
        "url": "https://www.openml.org/data/v1/download/1/data.arff",
    }
    found = {"did": 1, "name": source.name, "version": 1, "status": "active", "format": "ARFF"}
    qualities = [{"name": "NumberOfInstances", "value": str(ROWS)}, {"name": "NumberOfFeatures", "value": "1"}]
    documents: dict[str, Any] = {
        f"{API}/list/data_name/{source.name.lower()}/limit/2/data_version/1": {"data": {"dataset": [found]}},
        f"{API}/1": {"data_set_description": description},
        f"{API}/features/1": {"data_features": {"feature": [feature | flags for feature in features]}},
        f"{API}/qualities/1": {"data_qualities": {"quality": qualities}},
    }
    answers = {path: json.dumps(document).encode() for path, document in documents.items()}
    for path, answer in {**answers, "data/v1/download/1/data.arff": arff}.items():
        file = folder / "openml" / "openml.org" / f"{path}.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(answer))


@pytest.mark.parametrize(("source", "kind"), [(MNIST, "mnist"), (CIFAR_10, "cifar10")])
def test_what_openml_answers_becomes_pictures(source: Source, kind: str, folder: Path) -> None:
    _answers(source, folder)
    fetch(source, folder)
    data = drawn(kind, samples=30)
    assert data.pictures.shape == (30, *source.shape)
    assert data.pictures.dtype == np.float32
    assert np.bincount(data.labels.astype(int)).tolist() == [3] * 10
    assert (len(data.class_names), data.problem.classes) == (10, 10)
    everything = drawn(kind, samples=ROWS)
    np.testing.assert_allclose(everything.pictures * 255, _values(source), rtol=1e-6)
    assert everything.labels.tolist() == [index % 10 for index in range(ROWS)]


@pytest.mark.e2e  # in a process that imports scikit-learn first
def test_a_process_of_its_own_fetches_them_for_whoever_asks_first(folder: Path) -> None:
    _answers(MNIST, folder)
    assert drawn("mnist", samples=30).pictures.shape == (30, 1, 28, 28)


@pytest.mark.e2e  # in a process that imports scikit-learn first
def test_without_a_way_to_openml_that_is_said_soon_and_for_a_minute(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An address at which nobody listens stands for one to which no way leads."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    told = r"data\.kind: MNIST could not be fetched from OpenML; upload pictures"
    with pytest.raises(InvalidInput, match=told):
        drawn("mnist")
    began = time.monotonic()
    with pytest.raises(InvalidInput, match=told):
        drawn("mnist")
    assert time.monotonic() - began < 1
    assert capfd.readouterr().err.count("could not be fetched") == 1
    assert not list(folder.glob("*.npy"))
    # A minute later it is tried again.
    monkeypatch.setattr(openml, "REST_SECONDS", 0)
    with pytest.raises(InvalidInput):
        drawn("mnist")
    assert capfd.readouterr().err.count("could not be fetched") == 1


def test_while_they_are_being_fetched_one_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!{sys.executable}\nimport time; time.sleep(60)")
    slow.chmod(0o700)
    monkeypatch.setattr(openml.sys, "executable", str(slow))
    monkeypatch.setattr(openml, "PATIENCE_SECONDS", 0.2)
    for _ in range(2):
        with pytest.raises(InvalidInput, match=r"CIFAR-10 is being fetched .* try again then"):
            drawn("cifar10")
