"""Gift cards

Downgrade loses: what was written into it meanwhile

Revision ID: 4c5feb0937ea
Revises: 8b6556d0502a
Create Date: 2026-01-10 09:12:34.071271
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4c5feb0937ea"
down_revision: str | Sequence[str] | None = "8b6556d0502a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id")),
    )
    op.create_index("ix_gift_cards_customer_id", "gift_cards", ["customer_id"])
    op.create_unique_constraint("uq_gift_cards_code", "gift_cards", ["code"])
    op.create_check_constraint("gift_cards_amount", "gift_cards", "amount > 0")


def downgrade() -> None:
    op.drop_table("gift_cards")
