"""Tier of customers: a type of its own

Phase: expand
Downgrade loses: what was written into it meanwhile

Revision ID: 74c1bd1c5157
Revises: d47edc45fa0d
Create Date: 2026-06-03 02:12:32.124498
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "74c1bd1c5157"
down_revision: str | Sequence[str] | None = "d47edc45fa0d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers ADD COLUMN tier plan_tier")


def downgrade() -> None:
    op.execute("ALTER TABLE customers DROP COLUMN tier")
