"""Ratings of carriers are one to five, from now on

Downgrade loses: what was written into it meanwhile

Revision ID: d0813ad06de8
Revises: 3f1d28ca1d3a
Create Date: 2026-10-05 06:14:31.027264
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d0813ad06de8"
down_revision: str | Sequence[str] | None = "3f1d28ca1d3a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE carriers ADD CONSTRAINT carriers_rating CHECK (rating BETWEEN 1 AND 5) NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE carriers DROP CONSTRAINT carriers_rating")
