"""Rooms, called halls in the end

Downgrade loses: what was written into it meanwhile

Revision ID: ba7b4939cdb4
Revises: 2d88f0788452
Create Date: 2026-01-15 04:10:34.110866
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ba7b4939cdb4"
down_revision: str | Sequence[str] | None = "2d88f0788452"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table("rooms", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("name", sa.Text()))
    op.rename_table("rooms", "halls")
    op.create_index("ix_halls_name", "halls", ["name"])


def downgrade() -> None:
    op.drop_table("halls")
