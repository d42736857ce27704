"""Search jobs by state

Revision ID: 3c0c149499df
Revises: cdb6e398990d
Create Date: 2026-01-26 05:14:30.197975
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, Index

# revision identifiers, used by Alembic.
revision: str = "3c0c149499df"
down_revision: str | Sequence[str] | None = "cdb6e398990d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

jobs = sa.table("jobs", sa.column("state"))


def upgrade() -> None:
    metadata = sa.MetaData()
    table = sa.Table("jobs", metadata, sa.Column("state", sa.Text()))
    op.execute(CreateIndex(Index("ix_jobs_state", table.c.state)))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_jobs_state", table_name="jobs", postgresql_concurrently=True)
