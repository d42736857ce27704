"""A shorter name for the rules of prices, and an index

Revision ID: fee52dcf1703
Revises: 5d992571da64
Create Date: 2026-10-19 00:14:30.138130
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "fee52dcf1703"
down_revision: str | Sequence[str] | None = "5d992571da64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.rename_table("price_rules", "rules")
    op.create_index("ix_rules_code", "rules", ["code"])


def downgrade() -> None:
    raise NotImplementedError
