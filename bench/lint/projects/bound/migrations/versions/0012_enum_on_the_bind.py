"""Moods

Downgrade loses: what was written into it meanwhile

Revision ID: 01af5be8aa49
Revises: ab565f6898cd
Create Date: 2026-01-13 02:15:32.095028
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "01af5be8aa49"
down_revision: str | Sequence[str] | None = "ab565f6898cd"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

mood = postgresql.ENUM("good", "bad", name="mood")


def upgrade() -> None:
    mood.create(op.get_bind(), checkfirst=False)
    op.add_column("people", sa.Column("mood", postgresql.ENUM(name="mood", create_type=False)))


def downgrade() -> None:
    op.drop_column("people", "mood")
    mood.drop(op.get_bind(), checkfirst=False)
