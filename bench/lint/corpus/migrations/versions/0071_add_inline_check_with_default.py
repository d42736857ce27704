"""Length of a product

Downgrade loses: what was written into it meanwhile

Revision ID: 1d9bfdea380f
Revises: efdda42ca96f
Create Date: 2026-03-16 01:11:31.562249
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1d9bfdea380f"
down_revision: str | Sequence[str] | None = "efdda42ca96f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    sql = (
        "ALTER TABLE public.products "
        "ADD COLUMN length integer DEFAULT 0 CONSTRAINT products_length_positive CHECK (length >= 0)"
    )
    op.execute(sql)


def downgrade():
    op.execute("ALTER TABLE public.products DROP COLUMN length")
