"""Remarks on customers

Downgrade loses: what was written into it meanwhile

Revision ID: aacd8c095e2a
Revises: 2fe0c325661e
Create Date: 2026-08-17 02:12:32.678828
"""

import sqlalchemy as sa
from alembic import op

revision = "aacd8c095e2a"
down_revision = "2fe0c325661e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")
    op.add_column("customers", sa.Column("remarks", sa.Text()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("customers", "remarks")
