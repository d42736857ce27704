"""The supplier of a return

Downgrade loses: what was written into it meanwhile

Revision ID: 0b753a1e97ef
Revises: 55836dbb1a75
Create Date: 2026-04-25 08:13:33.855252
"""

import sqlalchemy as sa
from alembic import op

revision = "0b753a1e97ef"
down_revision = "55836dbb1a75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("returns", sa.Column("supplier_id", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("returns", "supplier_id")
