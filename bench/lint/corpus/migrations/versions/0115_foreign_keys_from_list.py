"""Orders of invoices and refunds

Revision ID: 5b30ed345dbb
Revises: d119b708cffa
Create Date: 2026-05-04 05:13:30.910685
"""

from alembic import op

revision = "5b30ed345dbb"
down_revision = "d119b708cffa"
branch_labels = None
depends_on = None

KEYS = {
    "invoices": ("order_id", "orders"),
    "payments": ("order_id", "orders"),
}


def upgrade() -> None:
    for table, (column, target) in KEYS.items():
        op.create_foreign_key(f"fk_{table}_{column}", table, target, [column], ["id"])


def downgrade() -> None:
    for table, (column, _) in KEYS.items():
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
