"""Kinds of help

Downgrade loses: what was written into it meanwhile

Revision ID: 77c266894caf
Revises: bc9797d8088c
Create Date: 2026-07-09 06:11:31.393744
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "77c266894caf"
down_revision: str | Sequence[str] | None = "bc9797d8088c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TYPE help_kind AS ENUM ('text', 'film')")
    op.create_table(
        "help_items",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("kind", postgresql.ENUM(name="help_kind", create_type=False), server_default="text", nullable=False),
    )


def downgrade() -> None:
    op.drop_table("help_items")
    op.execute("DROP TYPE help_kind")
