"""Secrets are changed by their owner

Revision ID: e303b767e847
Revises: 05aed4a8d6a5
Create Date: 2026-11-11 00:13:30.296510
"""

from alembic import op

revision = "e303b767e847"
down_revision = "05aed4a8d6a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE secrets NO FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE secrets FORCE ROW LEVEL SECURITY")
