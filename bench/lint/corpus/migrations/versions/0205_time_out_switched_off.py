"""A column that waits for ever

Downgrade loses: what was written into it meanwhile

Revision ID: 012469e45f00
Revises: b4430b11682a
Create Date: 2026-08-10 05:12:30.623395
"""

import sqlalchemy as sa
from alembic import op

revision = "012469e45f00"
down_revision = "b4430b11682a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = 0")
    op.add_column("shipments", sa.Column("insured", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("shipments", "insured")
