"""Opinions

Downgrade loses: what was written into it meanwhile

Revision ID: 1f156021c982
Revises: 60145c1f0685
Create Date: 2026-09-17 00:12:30.900560
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1f156021c982"
down_revision: str | Sequence[str] | None = "60145c1f0685"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table("opinions", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("text", sa.Text()))
    op.add_column("opinions", sa.Column("draft", sa.Text(), nullable=False))
    op.alter_column("opinions", "text", new_column_name="body", nullable=False)
    op.drop_column("opinions", "draft")


def downgrade() -> None:
    op.drop_table("opinions")
