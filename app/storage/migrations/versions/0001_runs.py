"""Runs with journal, checkpoint and history; readers, tokens, datasets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes all tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("visitor", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("playing", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("touched", moment, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("share", sa.Text),
        sa.Column("deleted", moment),
        sa.Column("thumbnail", sa.Text),
        sa.Column("checkpoint_bytes", sa.BigInteger, nullable=False),
        sa.Column("history_bytes", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("share", name="uq_runs_share"),
    )
    op.create_index("ix_runs_visitor", "runs", ["visitor", "touched"])
    op.create_table(
        "journal",
        _run_id(primary_key=True),
        sa.Column("index", sa.Integer, primary_key=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
    )
    op.create_table(
        "checkpoints",
        _run_id(primary_key=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        _run_id(primary_key=False),
        sa.Column("origin", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_history_run_id", "history", ["run_id"])
    op.create_table("readers", _run_id(primary_key=True), sa.Column("visitor", sa.Text, primary_key=True))
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("visitor", sa.Text, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )
    op.create_table(
        "datasets",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "dataset_owners",
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("visitor", sa.Text, primary_key=True),
    )


def _run_id(*, primary_key: bool) -> sa.Column[str]:
    reference = sa.ForeignKey("runs.id", ondelete="CASCADE")
    return sa.Column("run_id", sa.Text, reference, primary_key=primary_key, nullable=False)
