"""Tokens of pick lists

Downgrade loses: what was written into it meanwhile

Revision ID: a6ed41371c3f
Revises: 23e0bb2e5bf3
Create Date: 2026-11-18 07:13:32.351943
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a6ed41371c3f"
down_revision: str | Sequence[str] | None = "23e0bb2e5bf3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("pick_lists", sa.Column("token", sa.Uuid(), nullable=False, server_default=sa.func.gen_random_uuid()))


def downgrade() -> None:
    op.drop_column("pick_lists", "token")
