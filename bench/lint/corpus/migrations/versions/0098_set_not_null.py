"""Every supplier has a rating

Revision ID: b725aeae7972
Revises: d6d768536d63
Create Date: 2026-04-15 08:10:33.776062
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b725aeae7972"
down_revision: str | Sequence[str] | None = "d6d768536d63"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE suppliers SET rating = 0 WHERE rating IS NULL")
    op.alter_column("suppliers", "rating", nullable=False, existing_type=sa.Integer())


def downgrade() -> None:
    op.alter_column("suppliers", "rating", nullable=True, existing_type=sa.Integer())
