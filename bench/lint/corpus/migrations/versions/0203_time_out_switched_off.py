"""A column that waits for ever

Downgrade loses: what was written into it meanwhile

Revision ID: 012469e45f00
Revises: 25a6b708655f
Create Date: 2026-08-08 03:10:33.607557
"""

import sqlalchemy as sa
from alembic import op

revision = "012469e45f00"
down_revision = "25a6b708655f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = 0")
    op.add_column("shipments", sa.Column("insured", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("shipments", "insured")
