"""A key for price rules

Downgrade loses: what was written into it meanwhile

Revision ID: a7494b515e6e
Revises: 40d1bb429929
Create Date: 2026-03-06 01:15:31.483059
"""

from alembic import op

revision = "a7494b515e6e"
down_revision = "40d1bb429929"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE price_rules "
        "ADD COLUMN seq serial"
    )


def downgrade() -> None:
    op.drop_column("price_rules", "seq")
