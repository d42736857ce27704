"""Time zones of tenants and customers

Downgrade loses: what was written into it meanwhile

Revision ID: ffe81ce4ff4d
Revises: a9f689baebe4
Create Date: 2026-08-03 08:12:33.567962
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ffe81ce4ff4d"
down_revision: str | Sequence[str] | None = "a9f689baebe4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("time_zone", sa.Text()))
    op.add_column("customers", sa.Column("time_zone", sa.Text()))


def downgrade() -> None:
    op.drop_column("customers", "time_zone")
    op.drop_column("tenants", "time_zone")
