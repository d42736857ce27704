"""Carriers that everybody knows

Downgrade loses: the carriers that it inserted

Revision ID: 6d34fbb7fc2a
Revises: 30b013c342b4
Create Date: 2026-07-17 04:12:34.457096
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6d34fbb7fc2a"
down_revision: str | Sequence[str] | None = "30b013c342b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

carriers = sa.table("carriers", sa.column("id", sa.BigInteger), sa.column("name", sa.Text))


def upgrade() -> None:
    op.bulk_insert(carriers, [{"id": 9001, "name": "By foot"}, {"id": 9002, "name": "By bicycle"}])


def downgrade() -> None:
    op.execute(sa.delete(carriers).where(carriers.c.id.in_([9001, 9002])))
