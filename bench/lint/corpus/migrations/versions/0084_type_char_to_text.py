"""Codes of customers of any length

Revision ID: 79943223b708
Revises: 4b16d0fd6f02
Create Date: 2026-04-01 04:10:34.665196
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "79943223b708"
down_revision: str | Sequence[str] | None = "4b16d0fd6f02"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("code", type_=sa.Text(), existing_type=sa.CHAR(6))


def downgrade() -> None:
    raise NotImplementedError
