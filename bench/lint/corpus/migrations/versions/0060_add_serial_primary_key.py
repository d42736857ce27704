"""A key for price rules

Downgrade loses: what was written into it meanwhile

Revision ID: a7494b515e6e
Revises: c825f8a84cec
Create Date: 2026-03-05 00:14:30.475140
"""

from alembic import op

revision = "a7494b515e6e"
down_revision = "c825f8a84cec"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE price_rules "
        "ADD COLUMN seq serial"
    )


def downgrade() -> None:
    op.drop_column("price_rules", "seq")
