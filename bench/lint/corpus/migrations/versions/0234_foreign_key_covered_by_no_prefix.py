"""A table of loans

Downgrade loses: what was written into it meanwhile

Revision ID: 06cfa512c410
Revises: cecb18dd0362
Create Date: 2026-09-11 04:13:34.853046
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "06cfa512c410"
down_revision: str | Sequence[str] | None = "cecb18dd0362"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), sa.ForeignKey("devices.id"), nullable=False),
    )
    op.create_index("ix_loans_day_device", "loans", ["day", "device_id"])


def downgrade() -> None:
    op.drop_table("loans")
