"""Language codes have two letters

Revision ID: 7552c9296a2a
Revises: 980560c7145b
Create Date: 2026-03-25 00:13:30.633520
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7552c9296a2a"
down_revision: str | Sequence[str] | None = "980560c7145b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE reviews SET language = 'en' WHERE length(language) > 2")
    op.alter_column(
        "reviews",
        "language",
        existing_type=sa.String(length=5),
        type_=sa.String(length=2),
    )


def downgrade() -> None:
    op.alter_column("reviews", "language", existing_type=sa.String(2), type_=sa.String(5))
