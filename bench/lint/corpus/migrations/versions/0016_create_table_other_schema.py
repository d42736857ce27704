"""Orders of the archive

Downgrade loses: what was written into it meanwhile

Revision ID: 91b38d356ef9
Revises: aa43595ef5e7
Create Date: 2026-01-17 06:12:31.126704
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "91b38d356ef9"
down_revision: str | Sequence[str] | None = "aa43595ef5e7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("total", sa.Numeric(12, 2)),
        schema="archive",
    )
    op.create_index("ix_archive_orders_total", "orders", ["total"], schema="archive")


def downgrade() -> None:
    op.drop_table("orders", schema="archive")
