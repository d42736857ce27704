"""Nobody searches products by colour

Revision ID: c742253872c3
Revises: caa22e51a217
Create Date: 2026-02-07 04:16:34.269246
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c742253872c3"
down_revision: str | Sequence[str] | None = "caa22e51a217"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_products_color", table_name="products")


def downgrade() -> None:
    op.create_index("ix_products_color", "products", ["color"])
