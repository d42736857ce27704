"""Amounts of payments, from now on

Revision ID: 189b4a8d9ea8
Revises: 60b3cd402474
Create Date: 2026-08-06 01:15:31.591719
"""

from alembic import op

revision = "189b4a8d9ea8"
down_revision = "60b3cd402474"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint("payments_amount_positive", "payments", "amount > 0", postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("payments_amount_positive", "payments", type_="check")
