"""Deposit on a return

Downgrade loses: what was written into it meanwhile

Revision ID: 7cadcdaf606c
Revises: fc58354af97e
Create Date: 2026-03-12 07:14:32.530573
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7cadcdaf606c"
down_revision: str | Sequence[str] | None = "fc58354af97e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


class PositiveAmount(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "positive_amount"


def upgrade():
    op.add_column("returns", sa.Column("deposit", PositiveAmount()))


def downgrade():
    op.drop_column("returns", "deposit")
