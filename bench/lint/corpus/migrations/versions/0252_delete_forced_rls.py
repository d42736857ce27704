"""Empty secrets go

Revision ID: 57b795167986
Revises: b1f2150e16df
Create Date: 2026-10-01 02:10:32.995588
"""

import sqlalchemy as sa
from alembic import op

revision = "57b795167986"
down_revision = "b1f2150e16df"
branch_labels = None
depends_on = None

secrets = sa.table("secrets", sa.column("value"))


def upgrade() -> None:
    op.execute(sa.delete(secrets).where(secrets.c.value.is_(None)))


def downgrade() -> None:
    raise NotImplementedError
