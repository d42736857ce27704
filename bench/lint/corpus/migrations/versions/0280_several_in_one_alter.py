"""Bookings are complete

Revision ID: dc59d148d39b
Revises: 66cdc1995707
Create Date: 2026-11-01 00:10:30.217320
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "dc59d148d39b"
down_revision: str | Sequence[str] | None = "66cdc1995707"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE IF EXISTS ONLY public.bookings ALTER dock SET NOT NULL, ADD CHECK (booked_by <> ''), ALTER dock SET DEFAULT 'A'"
    )


def downgrade() -> None:
    raise NotImplementedError
