"""Every article has a language

Downgrade loses: what was written into it meanwhile

Revision ID: 7fa7eefa908d
Revises: dce9192054c9
Create Date: 2026-01-12 01:14:31.087109
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7fa7eefa908d"
down_revision: str | Sequence[str] | None = "dce9192054c9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("language", sa.String(2), nullable=False))


def downgrade() -> None:
    op.drop_column("articles", "language")
