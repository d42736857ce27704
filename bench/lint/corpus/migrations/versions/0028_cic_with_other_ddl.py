"""Channel of an invoice

Downgrade loses: what was written into it meanwhile

Revision ID: f57c0a47f246
Revises: 8f86b9a5aaae
Create Date: 2026-02-01 08:10:33.221732
"""

import sqlalchemy as sa
from alembic import op

revision = "f57c0a47f246"
down_revision = "8f86b9a5aaae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("channel", sa.Text()))
    with op.get_context().autocommit_block():
        op.create_index("ix_invoices_channel", "invoices", ["channel"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_column("invoices", "channel")
