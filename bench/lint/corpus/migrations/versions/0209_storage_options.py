"""Vacuum the jobs more often

Revision ID: 722c99250e4d
Revises: cb8bf7ec9e61
Create Date: 2026-08-14 09:16:34.655071
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "722c99250e4d"
down_revision: str | Sequence[str] | None = "cb8bf7ec9e61"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.01)")


def downgrade() -> None:
    op.execute("ALTER TABLE jobs RESET (autovacuum_vacuum_scale_factor)")
