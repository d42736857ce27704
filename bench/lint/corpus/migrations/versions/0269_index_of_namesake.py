"""Products of the archive, and an index on those that are sold

Downgrade loses: what was written into it meanwhile

Revision ID: 5d992571da64
Revises: a6040064361a
Create Date: 2026-10-18 09:13:34.130211
"""

import sqlalchemy as sa
from alembic import op

revision = "5d992571da64"
down_revision = "a6040064361a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("products", sa.Column("id", sa.BigInteger(), primary_key=True), schema="archive")
    op.create_index("ix_products_barcode", "products", ["barcode"])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_products_barcode", "products", postgresql_concurrently=True)
    op.drop_table("products", schema="archive")
