"""Remarks on customers

Downgrade loses: what was written into it meanwhile

Revision ID: aacd8c095e2a
Revises: 84a9bb60412d
Create Date: 2026-08-19 04:14:34.694666
"""

import sqlalchemy as sa
from alembic import op

revision = "aacd8c095e2a"
down_revision = "84a9bb60412d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")
    op.add_column("customers", sa.Column("remarks", sa.Text()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("customers", "remarks")
