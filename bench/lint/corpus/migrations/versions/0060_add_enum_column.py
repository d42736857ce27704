"""Kinds of notifications

Downgrade loses: what was written into it meanwhile

Revision ID: 40d1bb429929
Revises: c825f8a84cec
Create Date: 2026-03-05 00:14:30.475140
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "40d1bb429929"
down_revision = "c825f8a84cec"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TYPE urgency AS ENUM ('now', 'later')")
    op.add_column("notifications", sa.Column("urgency", postgresql.ENUM(name="urgency", create_type=False)))


def downgrade() -> None:
    op.drop_column("notifications", "urgency")
    op.execute("DROP TYPE urgency")
