"""A mark in the history

Revision ID: f066e3da8e28
Revises: b14e85ba55e4
Create Date: 2026-09-22 05:10:30.940155
"""

from alembic import op

revision = "f066e3da8e28"
down_revision = "b14e85ba55e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
