"""Numbers of suppliers

Downgrade loses: what was written into it meanwhile

Revision ID: ce1066216c94
Revises: 07430d4fa1c6
Create Date: 2026-03-03 08:12:33.459302
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ce1066216c94"
down_revision: str | Sequence[str] | None = "07430d4fa1c6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("suppliers", sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False))


def downgrade() -> None:
    op.drop_column("suppliers", "number")
