"""Orders of pick lists

Revision ID: f8d6b2d932ac
Revises: 1359c366ba5c
Create Date: 2026-05-14 05:16:30.989875
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f8d6b2d932ac"
down_revision: str | Sequence[str] | None = "1359c366ba5c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_check_constraint("pick_lists_has_order", "pick_lists", "order_id IS NOT NULL", postgresql_not_valid=True)
    op.execute("ALTER TABLE pick_lists VALIDATE CONSTRAINT pick_lists_has_order")


def downgrade() -> None:
    op.drop_constraint("pick_lists_has_order", "pick_lists")
