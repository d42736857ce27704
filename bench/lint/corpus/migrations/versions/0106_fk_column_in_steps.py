"""The supplier of a return

Downgrade loses: what was written into it meanwhile

Revision ID: 0b753a1e97ef
Revises: a629dcec77db
Create Date: 2026-04-23 06:11:31.839414
"""

import sqlalchemy as sa
from alembic import op

revision = "0b753a1e97ef"
down_revision = "a629dcec77db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("returns", sa.Column("supplier_id", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("returns", "supplier_id")
