"""References without blanks

Revision ID: c5d599cfbb6d
Revises: 6c6632882408
Create Date: 2026-11-04 03:13:33.241077
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c5d599cfbb6d"
down_revision: str | Sequence[str] | None = "6c6632882408"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("orders", "reference", type_=sa.Text(), postgresql_using="btrim(reference)")


def downgrade() -> None:
    raise NotImplementedError
