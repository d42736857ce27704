"""Without the check on currencies

Revision ID: 54c7f5687e10
Revises: 7837727af76f
Create Date: 2026-04-06 09:15:34.704791
"""

from alembic import op

revision = "54c7f5687e10"
down_revision = "7837727af76f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("orders_currency_present", "orders", type_="check")


def downgrade() -> None:
    op.create_check_constraint(
        "orders_currency_present", "orders", "currency IS NOT NULL", postgresql_not_valid=True
    )
