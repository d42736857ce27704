"""Handles of customers

Downgrade loses: what was written into it meanwhile

Revision ID: 103e1ddd89da
Revises: 4a73fb717eaf
Create Date: 2026-03-21 06:16:31.601844
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic.op import add_column, drop_column

# revision identifiers, used by Alembic.
revision: str = "103e1ddd89da"
down_revision: str | Sequence[str] | None = "4a73fb717eaf"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    add_column("customers", sa.Column("handle", sa.String(40), unique=True))


def downgrade() -> None:
    drop_column("customers", "handle")
