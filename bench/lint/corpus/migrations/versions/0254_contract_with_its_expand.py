"""Area of a warehouse in square metres

Phase: contract

Revision ID: 2adbf99b1b49
Revises: 1a434d7cf65d
Create Date: 2026-10-03 04:12:34.011426
"""

import sqlalchemy as sa
from alembic import op

revision = "2adbf99b1b49"
down_revision = "1a434d7cf65d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody can have written the new column yet.
    op.add_column("warehouses", sa.Column("square_metres", sa.Integer()))
    op.execute("UPDATE warehouses SET square_metres = area")
    op.drop_column("warehouses", "area")


def downgrade() -> None:
    raise NotImplementedError
