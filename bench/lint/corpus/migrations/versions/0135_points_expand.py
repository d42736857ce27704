"""Points of customers: new name

Phase: expand
Downgrade loses: what was written into it meanwhile

Revision ID: 086b34606273
Revises: 489e30b9b130
Create Date: 2026-05-24 05:12:30.069065
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "086b34606273"
down_revision: str | Sequence[str] | None = "489e30b9b130"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("points", sa.Integer()))


def downgrade() -> None:
    op.drop_column("customers", "points")
