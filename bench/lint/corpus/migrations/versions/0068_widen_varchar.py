"""Longer mail addresses

Downgrade loses: what is longer than 120 characters; refused while there is such a row

Revision ID: ec17288eb5d8
Revises: 7cadcdaf606c
Create Date: 2026-03-13 08:15:33.538492
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ec17288eb5d8"
down_revision: str | Sequence[str] | None = "7cadcdaf606c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("customers", "email", type_=sa.String(255), existing_type=sa.String(120))


def downgrade() -> None:
    raise NotImplementedError("addresses may be longer")
