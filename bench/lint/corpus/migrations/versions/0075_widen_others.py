"""Addresses of any kind

Revision ID: 4a73fb717eaf
Revises: 8d566066d53f
Create Date: 2026-03-20 05:15:30.593925
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4a73fb717eaf"
down_revision: str | Sequence[str] | None = "8d566066d53f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE customers ALTER network TYPE inet, ALTER wakes_at TYPE time(6)")


def downgrade():
    raise NotImplementedError
