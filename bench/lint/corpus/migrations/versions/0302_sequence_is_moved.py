"""Numbers go on at two thousand

Revision ID: 1b5a4530ee65
Revises: 7eb278709d26
Create Date: 2026-11-23 02:11:32.391538
"""

from alembic import op

revision = "1b5a4530ee65"
down_revision = "7eb278709d26"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT setval('invoice_numbers', 2000)")
    op.execute("SELECT pg_advisory_xact_lock(4711)")


def downgrade() -> None:
    op.execute("SELECT 1")
