"""More than two billion pieces

Revision ID: 980560c7145b
Revises: d9f870f270d5
Create Date: 2026-03-24 09:12:34.625601
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "980560c7145b"
down_revision: str | Sequence[str] | None = "d9f870f270d5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("orders", "quantity", type_=sa.BigInteger(), existing_type=sa.Integer())


def downgrade() -> None:
    raise NotImplementedError("quantities may be too large for integer")
