"""Every device has a system

Revision ID: 8994a13caa84
Revises: b1b169f3fbc7
Create Date: 2026-04-19 02:14:32.807738
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8994a13caa84"
down_revision: str | Sequence[str] | None = "b1b169f3fbc7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.alter_column("os", existing_type=sa.TEXT(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.alter_column("os", existing_type=sa.TEXT(), nullable=True)
