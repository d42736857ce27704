"""Search jobs by name

Revision ID: ae13bd9585d8
Revises: 03c5cb18ed79
Create Date: 2026-10-22 03:10:33.161887
"""

from collections.abc import Sequence

from alembic import op
from alembic.operations import ops

# revision identifiers, used by Alembic.
revision: str = "ae13bd9585d8"
down_revision: str | Sequence[str] | None = "03c5cb18ed79"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.invoke(ops.CreateIndexOp("ix_jobs_name", "jobs", ["name"]))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_jobs_name", "jobs", postgresql_concurrently=True)
