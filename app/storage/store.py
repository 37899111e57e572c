"""Everything that is to outlive the process, as one object."""

from app.settings import Settings
from app.storage.migrations import is_current, migrate
from app.storage.runs import Runs
from app.storage.sharing import Sharing
from app.storage.sweeps import Sweeps
from app.storage.tokens import Tokens
from app.storage.uploads import Uploads

FILE_NAME = "playground.db"


class Store(Runs, Sharing, Sweeps, Tokens, Uploads):
    """One database. Threads may share it; readers do not wait for the writer, and every method is one transaction.

    A server holds its database exclusively and waits some seconds for the one before it to let go. Tools that work
    beside a server open it with `exclusive=False`.
    """

    def __init__(self, url: str, *, exclusive: bool = True) -> None:
        super().__init__(url, exclusive=exclusive)
        try:
            if not is_current(self.reader):
                if exclusive:
                    migrate(self.writer)
                else:  # nobody may work with tables that change
                    Store(url).close()
        except BaseException:
            self.close()
            raise


def open_store(settings: Settings, *, exclusive: bool = True) -> Store:
    """The store that the settings name: a database by URL, or a file in the data directory."""
    return Store(settings.database_url or f"sqlite:///{settings.data_dir / FILE_NAME}", exclusive=exclusive)
