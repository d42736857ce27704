"""Dates of bookings

Downgrade loses: what was written into it meanwhile

Revision ID: c6f084af8d3f
Revises: 97ab9bbd0742
Create Date: 2026-03-10 05:12:30.514735
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c6f084af8d3f"
down_revision: str | Sequence[str] | None = "97ab9bbd0742"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("seats", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_column("seats")
        batch_op.drop_column("confirmed_at")
