"""Amounts of refunds

Revision ID: f0038af63f88
Revises: 13ad40979ae8
Create Date: 2026-05-09 00:11:30.950280
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f0038af63f88"
down_revision: str | Sequence[str] | None = "13ad40979ae8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_check_constraint("refunds_amount_positive", "refunds", "amount > 0")


def downgrade() -> None:
    op.drop_constraint("refunds_amount_positive", "refunds")
