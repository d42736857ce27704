"""Price rules get a key

Revision ID: 489e30b9b130
Revises: 7a1d59f71433
Create Date: 2026-05-23 04:11:34.061146
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "489e30b9b130"
down_revision: str | Sequence[str] | None = "7a1d59f71433"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_primary_key("price_rules_pkey", "price_rules", ["id"])


def downgrade() -> None:
    op.drop_constraint("price_rules_pkey", "price_rules", type_="primary")
