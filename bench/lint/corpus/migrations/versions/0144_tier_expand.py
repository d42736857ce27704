"""Tier of customers: a type of its own

Phase: expand
Downgrade loses: what was written into it meanwhile

Revision ID: 74c1bd1c5157
Revises: 80a86aa92f31
Create Date: 2026-06-05 04:14:34.140336
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "74c1bd1c5157"
down_revision: str | Sequence[str] | None = "80a86aa92f31"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers ADD COLUMN tier plan_tier")


def downgrade() -> None:
    op.execute("ALTER TABLE customers DROP COLUMN tier")
