"""Totals of today

Revision ID: 9fa1e00ee92d
Revises: 1fd18a448f8f
Create Date: 2026-09-05 08:14:33.805532
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9fa1e00ee92d"
down_revision: str | Sequence[str] | None = "1fd18a448f8f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("REFRESH MATERIALIZED VIEW order_totals")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
