"""Barcode readers

Revision ID: 2455a99bbfb4
Revises: 3f1d28ca1d3a
Create Date: 2026-10-04 05:13:30.019345
"""

import sqlalchemy as sa
from alembic import op

revision = "2455a99bbfb4"
down_revision = "3f1d28ca1d3a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("scanner", sa.Text()))


def downgrade() -> None:
    op.drop_column("products", "scanner")
