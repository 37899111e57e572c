"""Uploaded tables, named by their content, so that the same upload is kept once and never changes."""

import hashlib
from functools import lru_cache

from app.data.pictures.archive import PictureArchive
from app.data.table import Table
from app.errors import NotFound
from app.storage.store import Store

# A table is parsed anew with each change of a run otherwise; one takes at most some megabytes.
TABLES_IN_MEMORY = 32


class DatasetStore:
    """The tables in a store. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table = lru_cache(TABLES_IN_MEMORY)(self._load)

    def put(self, table: Table, visitor: str) -> str:
        """Stores a visitor's table and returns its id: the first 32 hexadecimal digits of the SHA-256 of its JSON."""
        content = table.to_json()
        dataset_id = hashlib.sha256(content.encode()).hexdigest()[:32]
        self._store.put_dataset(dataset_id, content, visitor)
        return dataset_id

    def get(self, dataset_id: str) -> Table:
        """The table stored under an id. Raises NotFound where there is none, or where this is no id."""
        return self._table(dataset_id)

    def pictures(self, dataset_id: str) -> PictureArchive:
        """The pictures stored under an id. Raises NotFound where there are none."""
        raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")

    def _load(self, dataset_id: str) -> Table:
        content = self._store.dataset(dataset_id)
        if content is None:
            raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")
        return Table.from_json(content)
