"""Notes of carriers

Revision ID: 378f8391ae07
Revises: 41581c6e68e7
Create Date: 2026-09-13 06:15:31.868884
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "378f8391ae07"
down_revision: str | Sequence[str] | None = "41581c6e68e7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("carriers", sa.Column("notes", sa.Text()))


def downgrade() -> None:
    pass
