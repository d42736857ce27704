"""Region of an address, indexed

Downgrade loses: what was written into it meanwhile

Revision ID: 84a66838a258
Revises: df9d85d57671
Create Date: 2026-01-21 00:16:30.158380
"""

import sqlalchemy as sa
from alembic import op

revision = "84a66838a258"
down_revision = "df9d85d57671"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("addresses", sa.Column("region", sa.String(40), index=True))


def downgrade() -> None:
    op.drop_column("addresses", "region")
