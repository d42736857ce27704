"""Metrics of processors are kept elsewhere

Revision ID: 5a0367140dc9
Revises: 0b0bcd549acc
Create Date: 2026-08-23 08:11:33.726342
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "5a0367140dc9"
down_revision: str | Sequence[str] | None = "0b0bcd549acc"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for kind in ("cpu",):
        op.execute(f"ALTER TABLE metrics DETACH PARTITION metrics_{kind}")


def downgrade() -> None:
    raise NotImplementedError
