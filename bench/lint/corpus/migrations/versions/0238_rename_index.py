"""A shorter name of an index

Revision ID: f7ed1c57e242
Revises: 7daec9c4f4fe
Create Date: 2026-09-15 08:10:33.884722
"""

from alembic import op

revision = "f7ed1c57e242"
down_revision = "7daec9c4f4fe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER INDEX ix_addresses_city RENAME TO ix_addr_city")


def downgrade() -> None:
    op.execute("ALTER INDEX ix_addr_city RENAME TO ix_addresses_city")
