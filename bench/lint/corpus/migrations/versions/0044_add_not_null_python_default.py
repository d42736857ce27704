"""Every draft has a state

Downgrade loses: what was written into it meanwhile

Revision ID: 97d9517cb064
Revises: e97c92f4340a
Create Date: 2026-02-17 04:12:34.348436
"""

import sqlalchemy as sa
from alembic import op

revision = "97d9517cb064"
down_revision = "e97c92f4340a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is Python's: the server does not know it.
    op.add_column("drafts", sa.Column("state", sa.String(10), nullable=False, default="open"))


def downgrade() -> None:
    op.drop_column("drafts", "state")
