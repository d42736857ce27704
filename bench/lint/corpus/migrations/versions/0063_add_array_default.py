"""Tags of products

Downgrade loses: what was written into it meanwhile

Revision ID: f58533dc25ad
Revises: 6b345d6f7fe4
Create Date: 2026-03-08 03:10:33.498897
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "f58533dc25ad"
down_revision: str | Sequence[str] | None = "6b345d6f7fe4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("products", sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("products", "tags")
