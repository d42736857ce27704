"""Shipments were sent in UTC

Revision ID: 7837727af76f
Revises: 54c7f5687e10
Create Date: 2026-04-06 09:15:34.704791
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7837727af76f"
down_revision: str | Sequence[str] | None = "54c7f5687e10"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column(
        "shipments",
        "sent_at",
        type_=sa.DateTime(timezone=True),
        existing_type=sa.DateTime(),
        postgresql_using="sent_at AT TIME ZONE 'UTC'",
    )


def downgrade() -> None:
    raise NotImplementedError
