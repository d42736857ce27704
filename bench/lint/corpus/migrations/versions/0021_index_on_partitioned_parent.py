"""Search events by kind

Revision ID: d9c1fed6af3f
Revises: 84a66838a258
Create Date: 2026-01-22 01:10:31.166299
"""

from alembic import op

revision = "d9c1fed6af3f"
down_revision = "84a66838a258"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_kind", "events", ["kind"])


def downgrade() -> None:
    raise NotImplementedError("the index stays")
