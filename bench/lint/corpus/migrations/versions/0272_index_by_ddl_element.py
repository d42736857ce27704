"""Search jobs by run_at

Revision ID: 03c5cb18ed79
Revises: a7d01df81b18
Create Date: 2026-10-21 02:16:32.153968
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "03c5cb18ed79"
down_revision: str | Sequence[str] | None = "a7d01df81b18"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(sa.DDL("CREATE INDEX %(name)s ON jobs (run_at)", context={"name": "ix_jobs_run_at"}))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(sa.DDL("DROP INDEX CONCURRENTLY ix_jobs_run_at"))
