"""Without the check on currencies

Revision ID: 54c7f5687e10
Revises: cbb58f29396d
Create Date: 2026-04-05 08:14:33.696872
"""

from alembic import op

revision = "54c7f5687e10"
down_revision = "cbb58f29396d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("orders_currency_present", "orders", type_="check")


def downgrade() -> None:
    op.create_check_constraint(
        "orders_currency_present", "orders", "currency IS NOT NULL", postgresql_not_valid=True
    )
