"""Totals of today

Revision ID: 9fa1e00ee92d
Revises: d3a9e4b32ce2
Create Date: 2026-09-06 09:15:34.813451
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9fa1e00ee92d"
down_revision: str | Sequence[str] | None = "d3a9e4b32ce2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("REFRESH MATERIALIZED VIEW order_totals")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
