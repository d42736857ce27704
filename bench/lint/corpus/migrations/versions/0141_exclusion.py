"""No dock is booked twice

Revision ID: d47edc45fa0d
Revises: 28d9ea8e8adb
Create Date: 2026-06-02 01:11:31.116579
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d47edc45fa0d"
down_revision: str | Sequence[str] | None = "28d9ea8e8adb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_exclude_constraint(
        "bookings_no_overlap", "bookings", (sa.column("during"), "&&"), using="gist", where=sa.text("dock = 'A'")
    )


def downgrade() -> None:
    op.drop_constraint("bookings_no_overlap", "bookings")
