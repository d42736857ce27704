"""Search things by label

Revision ID: ca9bb290df13
Revises: d7f5d2b53c4f
Create Date: 2026-01-07 06:16:31.047514
"""

import sqlalchemy as sa
from alembic import op

revision = "ca9bb290df13"
down_revision = "d7f5d2b53c4f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = sa.Table("things", sa.MetaData(), sa.Column("label", sa.Text()))
    sa.Index("ix_things_label", table.c.label).create(op.get_bind())


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_things_label", "things", postgresql_concurrently=True)
