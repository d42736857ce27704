"""Price rules do not overlap

Downgrade loses: what was written into it meanwhile

Revision ID: 1c2a122fa449
Revises: 74c1bd1c5157
Create Date: 2026-06-04 03:13:33.132417
"""

from alembic import op

revision = "1c2a122fa449"
down_revision = "74c1bd1c5157"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE price_rules ADD CONSTRAINT price_rules_valid_excl EXCLUDE USING gist (valid WITH &&)")


def downgrade() -> None:
    op.execute("ALTER TABLE price_rules DROP CONSTRAINT price_rules_valid_excl")
