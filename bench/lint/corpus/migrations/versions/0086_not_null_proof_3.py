"""Currencies of orders are NOT NULL

Revision ID: 00f95b43c276
Revises: 3f5bf6b085ae
Create Date: 2026-04-03 06:12:31.681034
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "00f95b43c276"
down_revision: str | Sequence[str] | None = "3f5bf6b085ae"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("orders", "currency", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    op.alter_column("orders", "currency", existing_type=sa.Text(), nullable=True)
