"""Prices with four digits

Revision ID: 3f5bf6b085ae
Revises: 79943223b708
Create Date: 2026-04-02 05:11:30.673115
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "3f5bf6b085ae"
down_revision: str | Sequence[str] | None = "79943223b708"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("order_items", "unit_price", type_=sa.Numeric(10, 4), existing_type=sa.Numeric(8, 2))


def downgrade() -> None:
    raise NotImplementedError
