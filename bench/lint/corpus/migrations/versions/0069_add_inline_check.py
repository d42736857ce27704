"""Stars of a supplier

Downgrade loses: what was written into it meanwhile

Revision ID: fe928466fd3a
Revises: ec17288eb5d8
Create Date: 2026-03-14 09:16:34.546411
"""

from alembic import op

revision = "fe928466fd3a"
down_revision = "ec17288eb5d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE suppliers ADD COLUMN stars integer CHECK (stars BETWEEN 0 AND 5)")


def downgrade() -> None:
    op.execute("ALTER TABLE suppliers DROP COLUMN stars")
