"""Amounts of payments, from now on

Revision ID: 189b4a8d9ea8
Revises: 9f00fad98bad
Create Date: 2026-08-05 00:14:30.583800
"""

from alembic import op

revision = "189b4a8d9ea8"
down_revision = "9f00fad98bad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint("payments_amount_positive", "payments", "amount > 0", postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("payments_amount_positive", "payments", type_="check")
