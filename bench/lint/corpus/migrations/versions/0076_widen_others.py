"""Addresses of any kind

Revision ID: 4a73fb717eaf
Revises: 103e1ddd89da
Create Date: 2026-03-21 06:16:31.601844
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4a73fb717eaf"
down_revision: str | Sequence[str] | None = "103e1ddd89da"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE customers ALTER network TYPE inet, ALTER wakes_at TYPE time(6)")


def downgrade():
    raise NotImplementedError
