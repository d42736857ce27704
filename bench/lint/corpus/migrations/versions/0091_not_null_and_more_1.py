"""Every return has a state and an order, from now on

Revision ID: 15959fe60db4
Revises: 432a92699518
Create Date: 2026-04-08 01:10:31.720629
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "15959fe60db4"
down_revision: str | Sequence[str] | None = "432a92699518"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_check_constraint(
        "returns_complete",
        "returns",
        sa.and_(sa.column("state").is_not(None), sa.column("order_id").is_not(None)),
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_constraint("returns_complete", "returns", type_="check")
