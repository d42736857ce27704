"""A shorter name of an index

Revision ID: f7ed1c57e242
Revises: 378f8391ae07
Create Date: 2026-09-12 05:14:30.860965
"""

from alembic import op

revision = "f7ed1c57e242"
down_revision = "378f8391ae07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER INDEX ix_addresses_city RENAME TO ix_addr_city")


def downgrade() -> None:
    op.execute("ALTER INDEX ix_addr_city RENAME TO ix_addresses_city")
