"""Tier of customers: copy

Phase: migrate

Revision ID: 47a3104968c1
Revises: 80a86aa92f31
Create Date: 2026-06-06 05:15:30.148255
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "47a3104968c1"
down_revision: str | Sequence[str] | None = "80a86aa92f31"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

customers = sa.table("customers", sa.column("tier"), sa.column("old_tier", sa.Text))


def upgrade() -> None:
    op.execute(
        sa.update(customers)
        .where(customers.c.old_tier == "pro")
        .values(tier=sa.cast(customers.c.old_tier, postgresql.ENUM(name="plan_tier", create_type=False)))
    )


def downgrade() -> None:
    raise NotImplementedError("the copy does no harm")
