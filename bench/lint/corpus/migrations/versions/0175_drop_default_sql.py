"""Fees are given by the application

Revision ID: bc9797d8088c
Revises: bc523e8111b4
Create Date: 2026-07-08 05:10:30.385825
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bc9797d8088c"
down_revision: str | Sequence[str] | None = "bc523e8111b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE payments ALTER COLUMN fee DROP DEFAULT")


def downgrade():
    op.execute("ALTER TABLE payments ALTER COLUMN fee SET DEFAULT 0")
