"""Codes of customers of any length

Revision ID: 79943223b708
Revises: 309d7ed22017
Create Date: 2026-03-28 03:16:33.657277
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "79943223b708"
down_revision: str | Sequence[str] | None = "309d7ed22017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("code", type_=sa.Text(), existing_type=sa.CHAR(6))


def downgrade() -> None:
    raise NotImplementedError
