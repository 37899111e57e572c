"""Uploads: tables of points as text and pictures as bytes, under the hash of their content, and who uploaded them."""

from sqlalchemy import select

from app.storage.database import Database
from app.storage.tables import dataset_owners, datasets
from app.storage.writing import put_if_new


class Uploads(Database):
    """The part of the store that holds uploads. The same content is kept once, whoever uploads it."""

    def put_dataset(self, dataset_id: str, content: str | bytes, visitor: str) -> None:
        """Keeps an upload, and that it is a visitor's: text is a table, bytes are pictures."""
        kept = {"content": content} if isinstance(content, str) else {"content": "", "pictures": content}
        with self._write() as connection:
            put_if_new(connection, datasets, id=dataset_id, **kept)
            put_if_new(connection, dataset_owners, dataset_id=dataset_id, visitor=visitor)

    def dataset(self, dataset_id: str) -> str | bytes | None:
        """An upload's content: text of a table, bytes of pictures."""
        with self._read() as connection:
            query = select(datasets.c.content, datasets.c.pictures).where(datasets.c.id == dataset_id)
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return row.content if row.pictures is None else row.pictures

    def holds_pictures(self, dataset_id: str) -> bool:
        """Whether an upload is pictures."""
        mine = (datasets.c.id == dataset_id, datasets.c.pictures.is_not(None))
        return self._scalar(select(datasets.c.id).where(*mine)) is not None

    def owns_dataset(self, dataset_id: str, visitor: str) -> bool:
        """Whether a visitor has uploaded this."""
        mine = (dataset_owners.c.dataset_id == dataset_id, dataset_owners.c.visitor == visitor)
        return self._scalar(select(dataset_owners.c.visitor).where(*mine)) is not None
