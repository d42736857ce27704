"""Names in capitals

Revision ID: d7f5d2b53c4f
Revises: 7260c5030ade
Create Date: 2026-01-06 05:15:30.039595
"""

import sqlalchemy as sa
from alembic import op

revision = "d7f5d2b53c4f"
down_revision = "7260c5030ade"
branch_labels = None
depends_on = None

people = sa.table("people", sa.column("name", sa.Text))


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(people.update().values(name=sa.func.upper(people.c.name)))


def downgrade() -> None:
    raise NotImplementedError
