"""Search events by kind

Revision ID: d9c1fed6af3f
Revises: e24aa4f5fca2
Create Date: 2026-01-23 02:11:32.174218
"""

from alembic import op

revision = "d9c1fed6af3f"
down_revision = "e24aa4f5fca2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_kind", "events", ["kind"])


def downgrade() -> None:
    raise NotImplementedError("the index stays")
