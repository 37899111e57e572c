"""Links by which somebody lets others see a run. Whoever has opened one is a reader of the run."""

import secrets

from sqlalchemy import delete, select, update

from app.errors import NotFound
from app.storage.database import Database
from app.storage.tables import readers, runs
from app.storage.writing import put_if_new


class Sharing(Database):
    """The part of the store that knows who may see whose run. A run in the bin is seen by nobody else."""

    def share(self, run_id: str) -> str:
        """The token of a run's link, made where it has none yet. Raises NotFound where there is no such run."""
        with self._write() as connection:
            connection.execute(
                update(runs).where(runs.c.id == run_id, runs.c.share.is_(None)).values(share=secrets.token_urlsafe(16))
            )
            token = connection.scalar(select(runs.c.share).where(runs.c.id == run_id))
        if token is None:
            raise NotFound(f"There is no run {run_id[:64]!r}.")
        return token

    def unshare(self, run_id: str) -> None:
        """Ends a run's link: whoever had opened it does not see the run any more."""
        with self._write() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(share=None))
            connection.execute(delete(readers).where(readers.c.run_id == run_id))

    def run_of_share(self, token: str) -> str | None:
        """The run to which a link leads."""
        return self._scalar(select(runs.c.id).where(runs.c.share == token, runs.c.deleted.is_(None)))

    def add_reader(self, run_id: str, visitor: str) -> None:
        """Lets a visitor see a run that is shared."""
        shared = select(runs.c.id).where(runs.c.id == run_id, runs.c.share.is_not(None))
        with self._write() as connection:
            if connection.scalar(shared):
                put_if_new(connection, readers, run_id=run_id, visitor=visitor)

    def is_reader(self, run_id: str, visitor: str) -> bool:
        """Whether a visitor has opened the link of a run that is shared still."""
        query = select(readers.c.run_id).join(runs, runs.c.id == readers.c.run_id)
        mine = (readers.c.run_id == run_id, readers.c.visitor == visitor, runs.c.deleted.is_(None))
        return self._scalar(query.where(*mine)) is not None
