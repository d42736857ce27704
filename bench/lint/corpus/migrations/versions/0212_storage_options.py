"""Vacuum the jobs more often

Revision ID: 722c99250e4d
Revises: 3e681d61da6c
Create Date: 2026-08-17 02:12:32.678828
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "722c99250e4d"
down_revision: str | Sequence[str] | None = "3e681d61da6c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.01)")


def downgrade() -> None:
    op.execute("ALTER TABLE jobs RESET (autovacuum_vacuum_scale_factor)")
