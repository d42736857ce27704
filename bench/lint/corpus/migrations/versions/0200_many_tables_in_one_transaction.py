"""Everything can be archived

Downgrade loses: what was written into it meanwhile

Revision ID: 60b3cd402474
Revises: 8f3a07543988
Create Date: 2026-08-05 00:14:30.583800
"""

import sqlalchemy as sa
from alembic import op

revision = "60b3cd402474"
down_revision = "8f3a07543988"
branch_labels = None
depends_on = None

TABLES = ("orders", "invoices", "payments", "refunds")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("archived_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "archived_at")
