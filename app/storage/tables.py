"""The tables. Migrations make them; a test holds the two together."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Words(TypeDecorator[str]):
    """Text from outside. What no database takes (NUL, half a character) is replaced, and so is found nowhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)


def _run_id() -> Column[str]:
    return Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


runs = Table(
    "runs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("visitor", Words, nullable=False),
    Column("record", Text, nullable=False),
    Column("playing", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("created", Moment, nullable=False),
    Column("touched", Moment, nullable=False),
    Column("name", Words, nullable=False, default=""),
    Column("notes", Words, nullable=False, default=""),
    Column("tags", Text, nullable=False, default="[]"),
    Column("share", Words, unique=True),
    Column("deleted", Moment),
    Column("thumbnail", Text),
    # Kept beside, so that nothing large is read to tell how large it is.
    Column("checkpoint_bytes", BigInteger, nullable=False, default=0),
    Column("history_bytes", BigInteger, nullable=False, default=0),
    Index(None, "visitor", "touched"),
)

journal = Table(
    "journal",
    metadata,
    _run_id(),
    Column("index", Integer, primary_key=True),
    Column("step", BigInteger, nullable=False),
    Column("change", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    _run_id(),
    Column("step", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column(
        "id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True
    ),  # chunks of a run follow each other by it
    Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("origin", BigInteger, nullable=False),
    Column("rows", LargeBinary, nullable=False),
)

readers = Table("readers", metadata, _run_id(), Column("visitor", Words, primary_key=True))

tokens = Table(
    "tokens",
    metadata,
    Column("name", Words, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("visitor", Words, nullable=False),
    Column("created", Moment, nullable=False),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Words, primary_key=True),
    # A table of points; empty where there are pictures.
    Column("content", Text, nullable=False),
    Column("pictures", LargeBinary),
)

dataset_owners = Table(
    "dataset_owners",
    metadata,
    Column("dataset_id", Words, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    Column("visitor", Words, primary_key=True),
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("id", Words, primary_key=True),
    Column("visitor", Words, nullable=False),
    Column("created", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("sweep", Text, nullable=False),
    Column("trials", Text, nullable=False),
    # Kept beside, so that a list reads nothing large.
    Column("best", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Index(None, "visitor", "created"),
)
