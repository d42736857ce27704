"""Where an order goes

Downgrade loses: what was written into it meanwhile

Revision ID: 22dd95bd42c7
Revises: c215ddb978e8
Create Date: 2026-01-04 03:13:33.023757
"""

import sqlalchemy as sa
from alembic import op

from shop_of_another_time.types import Geometry

revision = "22dd95bd42c7"
down_revision = "c215ddb978e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("target", Geometry("POINT"), nullable=False))


def downgrade() -> None:
    op.drop_column("orders", "target")
