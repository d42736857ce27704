"""Quantities of items are gone

Phase: contract

Revision ID: 3f1d28ca1d3a
Revises: 2adbf99b1b49
Create Date: 2026-10-04 05:13:30.019345
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "3f1d28ca1d3a"
down_revision: str | Sequence[str] | None = "2adbf99b1b49"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # NOT NULL without a default: whoever stopped writing it could not insert at all.
    op.drop_column("order_items", "quantity")


def downgrade() -> None:
    raise NotImplementedError
