"""Limits in cents

Revision ID: 9df2657a6a29
Revises: 15959fe60db4
Create Date: 2026-04-09 02:11:32.728548
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9df2657a6a29"
down_revision: str | Sequence[str] | None = "15959fe60db4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("accounts", "limit_amount", type_=sa.Numeric(14, 2), schema="billing")


def downgrade() -> None:
    raise NotImplementedError
