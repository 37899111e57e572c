"""Uploads: texts under the hash of their content, and who uploaded them."""

from sqlalchemy import select

from app.storage.database import Database
from app.storage.tables import dataset_owners, datasets
from app.storage.writing import put_if_new


class Uploads(Database):
    """The part of the store that holds uploads. The same content is kept once, whoever uploads it."""

    def put_dataset(self, dataset_id: str, content: str, visitor: str) -> None:
        """Keeps an upload, and that it is a visitor's."""
        with self._write() as connection:
            put_if_new(connection, datasets, id=dataset_id, content=content)
            put_if_new(connection, dataset_owners, dataset_id=dataset_id, visitor=visitor)

    def dataset(self, dataset_id: str) -> str | None:
        """An upload's content."""
        return self._scalar(select(datasets.c.content).where(datasets.c.id == dataset_id))

    def owns_dataset(self, dataset_id: str, visitor: str) -> bool:
        """Whether a visitor has uploaded this."""
        mine = (dataset_owners.c.dataset_id == dataset_id, dataset_owners.c.visitor == visitor)
        return self._scalar(select(dataset_owners.c.visitor).where(*mine)) is not None
