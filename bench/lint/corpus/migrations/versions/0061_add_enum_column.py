"""Kinds of notifications

Downgrade loses: what was written into it meanwhile

Revision ID: 40d1bb429929
Revises: a7494b515e6e
Create Date: 2026-03-06 01:15:31.483059
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "40d1bb429929"
down_revision = "a7494b515e6e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TYPE urgency AS ENUM ('now', 'later')")
    op.add_column("notifications", sa.Column("urgency", postgresql.ENUM(name="urgency", create_type=False)))


def downgrade() -> None:
    op.drop_column("notifications", "urgency")
    op.execute("DROP TYPE urgency")
