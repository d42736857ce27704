"""An index that may be there

Revision ID: c6882cfb4cda
Revises: 493fd732da5a
Create Date: 2026-09-19 02:14:32.916398
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c6882cfb4cda"
down_revision: str | Sequence[str] | None = "493fd732da5a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute(
        "DO $do$ BEGIN "
        "IF to_regclass('ix_jobs_worker') IS NULL THEN "
        "CREATE INDEX ix_jobs_worker ON jobs (worker); "
        "END IF; END $do$"
    )


def downgrade():
    raise NotImplementedError
