"""Barcode readers

Revision ID: 9f8db8d1a974
Revises: d0813ad06de8
Create Date: 2026-10-06 07:15:32.035183
"""

import sqlalchemy as sa
from alembic import op

revision = "9f8db8d1a974"
down_revision = "d0813ad06de8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("scanner", sa.Text()))


def downgrade() -> None:
    op.drop_column("products", "scanner")
