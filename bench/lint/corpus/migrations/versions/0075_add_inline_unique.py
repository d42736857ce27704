"""Handles of customers

Downgrade loses: what was written into it meanwhile

Revision ID: 103e1ddd89da
Revises: 04ac1947e375
Create Date: 2026-03-20 05:15:30.593925
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic.op import add_column, drop_column

# revision identifiers, used by Alembic.
revision: str = "103e1ddd89da"
down_revision: str | Sequence[str] | None = "04ac1947e375"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    add_column("customers", sa.Column("handle", sa.String(40), unique=True))


def downgrade() -> None:
    drop_column("customers", "handle")
