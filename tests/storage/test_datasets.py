import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.data.table import Table, parse_csv
from app.errors import InvalidInput, NotFound
from app.storage.datasets import DatasetStore
from app.storage.store import Store
from tests.data.pictures.cases import archive_of

ME = "local"


@pytest.fixture
def datasets(store: Store) -> DatasetStore:
    return DatasetStore(store)


def test_what_was_put_is_got(datasets: DatasetStore) -> None:
    table = parse_csv("x,y,label\n0.1,2,ä\n3,4,b\n")
    again = datasets.get(datasets.put(table, ME))
    np.testing.assert_array_equal(again.points, table.points)
    assert (again.labels, again.task, again.columns) == (("ä", "b"), "classification", ("x", "y", "label"))


def test_the_id_is_the_hash_of_the_content(datasets: DatasetStore, store: Store) -> None:
    dataset_id = datasets.put(parse_csv("1,2,0\n3,4,1\n"), ME)
    content = store.dataset(dataset_id)
    assert isinstance(content, str)
    assert dataset_id == hashlib.sha256(content.encode()).hexdigest()[:32]
    assert json.loads(content)["points"] == [[1, 2], [3, 4]]


def test_equal_tables_have_one_id_and_others_their_own(datasets: DatasetStore) -> None:
    ids = [datasets.put(parse_csv(text), ME) for text in ("1,2,0\n3,4,1", "1.0; 2; 0\n\n3;4;1\n", "1,2,0\n3,4,2")]
    assert ids[0] == ids[1] != ids[2]


def test_another_one_on_the_same_store_finds_it(datasets: DatasetStore, store: Store) -> None:
    dataset_id = datasets.put(parse_csv("1,2,0\n3,4,1\n"), ME)
    assert DatasetStore(store).get(dataset_id).points.tolist() == [[1, 2], [3, 4]]


def test_it_belongs_to_everybody_who_uploaded_it_and_nobody_else(datasets: DatasetStore, store: Store) -> None:
    (dataset_id, _) = (datasets.put(parse_csv("1,2,0\n3,4,1\n"), visitor) for visitor in ("ann", "ben"))
    assert [store.owns_dataset(dataset_id, visitor) for visitor in ("ann", "ben", "eve")] == [True, True, False]
    assert not store.owns_dataset("0" * 32, "ann")


@pytest.mark.parametrize(
    "dataset_id",
    ["0" * 32, "", "0" * 31, "F" * 32, "../../secret", "0" * 32 + "\n", "\x00" * 32, "é" * 32, "\ud800", "%"],
)
def test_no_such_dataset(datasets: DatasetStore, dataset_id: str) -> None:
    datasets.put(parse_csv("1,2,0\n3,4,1\n"), ME)
    with pytest.raises(NotFound):
        datasets.get(dataset_id)


def test_one_that_comes_later_is_found_though_it_was_missed(datasets: DatasetStore) -> None:
    table = parse_csv("1,2,0\n3,4,1\n")
    dataset_id = hashlib.sha256(table.to_json().encode()).hexdigest()[:32]
    with pytest.raises(NotFound):
        datasets.get(dataset_id)
    datasets.put(table, ME)
    assert datasets.get(dataset_id).to_json() == table.to_json()


def test_a_table_is_parsed_once(datasets: DatasetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    from_json = Table.from_json

    def spy(text: str) -> Table:
        parsed.append(text)
        return from_json(text)

    monkeypatch.setattr(Table, "from_json", spy)
    dataset_id = datasets.put(parse_csv("1,2,0\n3,4,1\n"), ME)
    assert datasets.get(dataset_id) is datasets.get(dataset_id)
    assert len(parsed) == 1


def test_many_threads_may_put_the_same_table(datasets: DatasetStore) -> None:
    table = parse_csv("1,2,0\n3,4,1\n")
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(datasets.put, [table] * 32, ["ann", "ben"] * 16))
    assert len(ids) == 1
    assert datasets.get(ids.pop()).to_json() == table.to_json()


def test_pictures_that_were_put_are_got(datasets: DatasetStore, store: Store) -> None:
    archive = archive_of(3, 2)
    dataset_id = datasets.put(archive, ME)
    assert dataset_id == archive.digest()
    again = DatasetStore(store).pictures(dataset_id)
    np.testing.assert_array_equal(again.pictures, archive.pictures)
    assert (again.class_names, again.labels.tolist()) == (archive.class_names, archive.labels.tolist())
    assert datasets.pictures(dataset_id) is datasets.pictures(dataset_id)
    assert store.owns_dataset(dataset_id, ME)
    assert datasets.put(archive, "ann") == dataset_id


def test_pictures_are_no_table_and_a_table_is_no_pictures(datasets: DatasetStore) -> None:
    table, pictures = datasets.put(parse_csv("1,2,0\n3,4,1\n"), ME), datasets.put(archive_of(3, 2), ME)
    assert [datasets.holds_pictures(dataset_id) for dataset_id in (table, pictures, "0" * 32)] == [False, True, False]
    with pytest.raises(InvalidInput, match=r"data\.dataset: holds pictures, not points"):
        datasets.get(pictures)
    with pytest.raises(InvalidInput, match=r"data\.dataset: holds points, not pictures"):
        datasets.pictures(table)
    with pytest.raises(NotFound):
        datasets.pictures("0" * 32)
