"""Amounts of refunds

Revision ID: f0038af63f88
Revises: ce4a801fc903
Create Date: 2026-05-08 09:10:34.942361
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f0038af63f88"
down_revision: str | Sequence[str] | None = "ce4a801fc903"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_check_constraint("refunds_amount_positive", "refunds", "amount > 0")


def downgrade() -> None:
    op.drop_constraint("refunds_amount_positive", "refunds")
