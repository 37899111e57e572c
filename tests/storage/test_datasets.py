import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.data.table import parse_csv
from app.errors import NotFound
from app.storage.datasets import DatasetStore


@pytest.fixture
def store(tmp_path: Path) -> DatasetStore:
    return DatasetStore(tmp_path / "data" / "datasets")


def test_what_was_put_is_got(store: DatasetStore) -> None:
    table = parse_csv("x,y,label\n0.1,2,ä\n3,4,b\n")
    again = store.get(store.put(table))
    np.testing.assert_array_equal(again.points, table.points)
    assert (again.labels, again.task, again.columns) == (("ä", "b"), "classification", ("x", "y", "label"))


def test_the_id_is_the_hash_of_the_content(store: DatasetStore, tmp_path: Path) -> None:
    dataset_id = store.put(parse_csv("1,2,0\n3,4,1\n"))
    (file,) = (tmp_path / "data" / "datasets").iterdir()
    assert file.name == f"{dataset_id}.json"
    assert dataset_id == hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    assert json.loads(file.read_text())["points"] == [[1, 2], [3, 4]]


def test_equal_tables_are_kept_once_and_others_apart(store: DatasetStore, tmp_path: Path) -> None:
    ids = [store.put(parse_csv(text)) for text in ("1,2,0\n3,4,1", "1.0; 2; 0\n\n3;4;1\n", "1,2,0\n3,4,2")]
    assert ids[0] == ids[1] != ids[2]
    assert len(list((tmp_path / "data" / "datasets").iterdir())) == 2


def test_another_store_on_the_same_directory_finds_it(store: DatasetStore, tmp_path: Path) -> None:
    dataset_id = store.put(parse_csv("1,2,0\n3,4,1\n"))
    assert DatasetStore(tmp_path / "data" / "datasets").get(dataset_id).points.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "dataset_id",
    ["0" * 32, "", "0" * 31, "0" * 33, "F" * 32, "../../secret", "/etc/passwd", "0" * 32 + "\n", "\x00" * 32, "é" * 32],
)
def test_no_such_dataset(store: DatasetStore, tmp_path: Path, dataset_id: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    with pytest.raises(NotFound):
        store.get(dataset_id)


def test_a_failed_write_leaves_nothing_behind(
    store: DatasetStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("app.storage.datasets.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        store.put(parse_csv("1,2,0\n3,4,1\n"))
    assert list((tmp_path / "data" / "datasets").iterdir()) == []


def test_many_threads_may_put_the_same_table(store: DatasetStore, tmp_path: Path) -> None:
    table = parse_csv("1,2,0\n3,4,1\n")
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(store.put, [table] * 32))
    assert len(ids) == 1
    assert [file.suffix for file in (tmp_path / "data" / "datasets").iterdir()] == [".json"]
