"""Nobody searches products by colour

Revision ID: c742253872c3
Revises: be98ba9ff3b8
Create Date: 2026-02-08 05:10:30.277165
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c742253872c3"
down_revision: str | Sequence[str] | None = "be98ba9ff3b8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_products_color", table_name="products")


def downgrade() -> None:
    op.create_index("ix_products_color", "products", ["color"])
