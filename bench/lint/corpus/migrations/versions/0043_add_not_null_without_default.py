"""Every draft has an owner

Downgrade loses: what was written into it meanwhile

Revision ID: e97c92f4340a
Revises: 9a22455310f4
Create Date: 2026-02-16 03:11:33.340517
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e97c92f4340a"
down_revision: str | Sequence[str] | None = "9a22455310f4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("owner", sa.Text(), nullable=False))


def downgrade() -> None:
    op.drop_column("drafts", "owner")
