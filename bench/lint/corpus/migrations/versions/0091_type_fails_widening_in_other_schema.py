"""Limits in cents

Revision ID: 9df2657a6a29
Revises: 432a92699518
Create Date: 2026-04-08 01:10:31.720629
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9df2657a6a29"
down_revision: str | Sequence[str] | None = "432a92699518"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("accounts", "limit_amount", type_=sa.Numeric(14, 2), schema="billing")


def downgrade() -> None:
    raise NotImplementedError
