"""Nobody searches brands and titles

Revision ID: 0a04eb4e3b92
Revises: a2b92f8dc337
Create Date: 2026-11-14 03:16:33.320267
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "0a04eb4e3b92"
down_revision: str | Sequence[str] | None = "a2b92f8dc337"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("DROP INDEX ix_products_brand, ix_products_title")


def downgrade() -> None:
    raise NotImplementedError
