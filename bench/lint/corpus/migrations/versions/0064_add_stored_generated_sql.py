"""Searchable text of a product

Downgrade loses: what was written into it meanwhile

Revision ID: 97ab9bbd0742
Revises: f58533dc25ad
Create Date: 2026-03-09 04:11:34.506816
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "97ab9bbd0742"
down_revision: str | Sequence[str] | None = "f58533dc25ad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATEMENT = """
    ALTER TABLE products
    ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(title, ''))) STORED
"""


def upgrade() -> None:
    op.execute(STATEMENT)


def downgrade() -> None:
    op.drop_column("products", "search")
