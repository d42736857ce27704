"""Smaller balances

Revision ID: 6c6632882408
Revises: dbaa14ac8ff3
Create Date: 2026-11-03 02:12:32.233158
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6c6632882408"
down_revision: str | Sequence[str] | None = "dbaa14ac8ff3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("customers", "balance", type_=sa.Numeric(8, 2), existing_type=sa.Numeric(10, 2))


def downgrade() -> None:
    op.alter_column("customers", "balance", type_=sa.Numeric(10, 2), existing_type=sa.Numeric(8, 2))
