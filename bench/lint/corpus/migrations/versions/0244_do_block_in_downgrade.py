"""A view of what is open

Revision ID: b14e85ba55e4
Revises: 9c792f593e70
Create Date: 2026-09-21 04:16:34.932236
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b14e85ba55e4"
down_revision: str | Sequence[str] | None = "9c792f593e70"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE VIEW open_jobs AS SELECT id, name FROM jobs WHERE state = 'open'")


def downgrade() -> None:
    op.execute(sa.text("DO $$ BEGIN EXECUTE format('DROP VIEW %I', 'open_jobs'); END $$"))
