"""How a database gets from one version of the tables to the next. A new version is a file in `versions` and `HEAD`."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.errors import InvalidInput

HEAD = "0003"


def is_current(engine: Engine) -> bool:
    """Whether the database has this program's version of the tables. Cheap: Alembic is not imported."""
    with engine.connect() as connection:
        return _version(connection) == HEAD


def migrate(engine: Engine) -> None:
    """Brings the tables to this version, in one transaction. Raises InvalidInput where theirs is a later one."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, HEAD)
        except CommandError:
            raise InvalidInput(
                f"The data are of version {_version(connection)}, which this program does not know: use a later one."
            ) from None


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))
