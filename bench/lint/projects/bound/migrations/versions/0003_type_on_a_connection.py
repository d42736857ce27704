"""Weights are large

Revision ID: 999b8011d0ce
Revises: 6f9ed479b9e0
Create Date: 2026-01-04 03:13:33.023757
"""

import sqlalchemy as sa
from alembic import op

revision = "999b8011d0ce"
down_revision = "6f9ed479b9e0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("ALTER TABLE things ALTER COLUMN weight TYPE bigint"))


def downgrade() -> None:
    raise NotImplementedError
