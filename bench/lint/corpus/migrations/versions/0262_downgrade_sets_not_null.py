"""Customers without a status

Downgrade loses: what was written into it meanwhile

Revision ID: c42cf912324f
Revises: ec9dd413be0c
Create Date: 2026-10-11 02:13:32.074778
"""

import sqlalchemy as sa
from alembic import op

revision = "c42cf912324f"
down_revision = "ec9dd413be0c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE invoices ADD COLUMN dunning text")


def downgrade() -> None:
    op.execute("UPDATE invoices SET language = 'en' WHERE language IS NULL")
    op.alter_column("invoices", "language", nullable=False, existing_type=sa.Text())
    op.drop_column("invoices", "dunning")
