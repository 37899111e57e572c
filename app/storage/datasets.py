"""Uploaded tables as JSON files named by their content, so that the same upload is kept once and never changes."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from app.data.table import Table
from app.errors import NotFound

_ID = re.compile("[0-9a-f]{32}")


class DatasetStore:
    """The tables in one directory, which is made when the first is stored. Threads and processes may share it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, table: Table) -> str:
        """Stores a table and returns its id: the first 32 hexadecimal digits of the SHA-256 of its JSON."""
        content = table.to_json().encode()
        dataset_id = hashlib.sha256(content).hexdigest()[:32]
        path = self._path(dataset_id)
        if not path.exists():
            self._directory.mkdir(parents=True, exist_ok=True)
            _write_atomically(path, content)
        return dataset_id

    def get(self, dataset_id: str) -> Table:
        """The table stored under an id. Raises NotFound where there is none, or where this is no id."""
        if _ID.fullmatch(dataset_id):
            try:
                return Table.from_json(self._path(dataset_id).read_text(encoding="utf-8"))
            except FileNotFoundError:
                pass
        raise NotFound(f"There is no dataset {dataset_id[:64]!r}.")

    def _path(self, dataset_id: str) -> Path:
        return self._directory / f"{dataset_id}.json"


def _write_atomically(path: Path, content: bytes) -> None:
    """Readers see the whole file or none."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
