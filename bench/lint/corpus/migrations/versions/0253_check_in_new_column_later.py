"""Ratings of carriers

Downgrade loses: what was written into it meanwhile

Revision ID: 1a434d7cf65d
Revises: 57b795167986
Create Date: 2026-10-02 03:11:33.003507
"""

import sqlalchemy as sa
from alembic import op

revision = "1a434d7cf65d"
down_revision = "57b795167986"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("carriers", sa.Column("rating", sa.SmallInteger()))


def downgrade() -> None:
    op.drop_column("carriers", "rating")
