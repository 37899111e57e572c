"""Uploaded pictures, beside uploaded tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes room for them."""
    op.add_column("datasets", sa.Column("pictures", sa.LargeBinary))
