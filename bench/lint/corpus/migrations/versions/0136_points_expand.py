"""Points of customers: new name

Phase: expand
Downgrade loses: what was written into it meanwhile

Revision ID: 086b34606273
Revises: 0935bbd37b69
Create Date: 2026-05-25 06:13:31.076984
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "086b34606273"
down_revision: str | Sequence[str] | None = "0935bbd37b69"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("points", sa.Integer()))


def downgrade() -> None:
    op.drop_column("customers", "points")
