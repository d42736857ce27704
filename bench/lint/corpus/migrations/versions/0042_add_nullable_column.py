"""Remarks on orders

Downgrade loses: what was written into it meanwhile

Revision ID: 9a22455310f4
Revises: fb9f03d36a21
Create Date: 2026-02-15 02:10:32.332598
"""

import sqlalchemy as sa
from alembic import op

revision = "9a22455310f4"
down_revision = "fb9f03d36a21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("internal_note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "internal_note")
