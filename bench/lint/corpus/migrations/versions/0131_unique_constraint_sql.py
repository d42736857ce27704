"""SKUs are unique

Downgrade loses: what was written into it meanwhile

Revision ID: 25f64bc3d2ac
Revises: 6e6084e8af41
Create Date: 2026-05-20 01:15:31.037389
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "25f64bc3d2ac"
down_revision: str | Sequence[str] | None = "6e6084e8af41"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE ONLY products ADD CONSTRAINT uq_products_sku UNIQUE (sku)")


def downgrade():
    op.execute("ALTER TABLE ONLY products DROP CONSTRAINT uq_products_sku")
