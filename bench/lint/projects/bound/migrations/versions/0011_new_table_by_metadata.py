"""Places

Downgrade loses: what was written into it meanwhile

Revision ID: ab565f6898cd
Revises: 91f383bfca44
Create Date: 2026-01-12 01:14:31.087109
"""

import sqlalchemy as sa
from alembic import op

revision = "ab565f6898cd"
down_revision = "91f383bfca44"
branch_labels = None
depends_on = None

metadata = sa.MetaData()
places = sa.Table(
    "places",
    metadata,
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("name", sa.Text(), index=True, unique=True),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    op.drop_table("places")
