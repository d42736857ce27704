"""Preferences of customers

Downgrade loses: what was written into it meanwhile

Revision ID: cecb18dd0362
Revises: 92504616ed59
Create Date: 2026-09-10 03:12:33.845127
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "cecb18dd0362"
down_revision: str | Sequence[str] | None = "92504616ed59"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE customers ADD COLUMN preferences json DEFAULT '{}'")


def downgrade():
    op.execute("ALTER TABLE customers DROP COLUMN preferences")
