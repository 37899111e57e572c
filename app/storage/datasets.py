"""Uploads, named by their content, so that the same one is kept once and never changes: tables, and pictures."""

import hashlib
from functools import lru_cache

from app.data.pictures.archive import PictureArchive
from app.data.table import Table
from app.errors import InvalidInput, NotFound
from app.storage.store import Store

# A table is parsed anew with each change of a run otherwise; one takes at most some megabytes, pictures ten times that.
TABLES_IN_MEMORY = 32
ARCHIVES_IN_MEMORY = 4


class DatasetStore:
    """The uploads in a store. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table = lru_cache(TABLES_IN_MEMORY)(self._load_table)
        self._archive = lru_cache(ARCHIVES_IN_MEMORY)(self._load_archive)

    def put(self, upload: Table | PictureArchive, visitor: str) -> str:
        """Stores a visitor's upload and returns its id: the first 32 hexadecimal digits of its content's SHA-256."""
        if isinstance(upload, Table):
            content = upload.to_json()
            dataset_id = hashlib.sha256(content.encode()).hexdigest()[:32]
        else:
            content, dataset_id = upload.to_bytes(), upload.digest()
        self._store.put_dataset(dataset_id, content, visitor)
        return dataset_id

    def get(self, dataset_id: str) -> Table:
        """The table stored under an id.

        Raises NotFound where there is none, or where this is no id, and InvalidInput where there are pictures.
        """
        return self._table(dataset_id)

    def pictures(self, dataset_id: str) -> PictureArchive:
        """The pictures stored under an id. Raises NotFound likewise, and InvalidInput where there is a table."""
        return self._archive(dataset_id)

    def holds_pictures(self, dataset_id: str) -> bool:
        """Whether it is pictures that are stored under an id."""
        return self._store.holds_pictures(dataset_id)

    def _load_table(self, dataset_id: str) -> Table:
        content = self._load(dataset_id)
        if isinstance(content, bytes):
            raise InvalidInput.at("data.dataset", "holds pictures, not points; learn from it as pictures")
        return Table.from_json(content)

    def _load_archive(self, dataset_id: str) -> PictureArchive:
        content = self._load(dataset_id)
        if isinstance(content, str):
            raise InvalidInput.at("data.dataset", "holds points, not pictures; learn from it as points")
        return PictureArchive.from_bytes(content)

    def _load(self, dataset_id: str) -> str | bytes:
        content = self._store.dataset(dataset_id)
        if content is None:
            raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")
        return content
