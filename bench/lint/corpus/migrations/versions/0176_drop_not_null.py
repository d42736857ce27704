"""Reviewers may hide the title of a product

Revision ID: 24ec791d2fad
Revises: 46c6d45595b6
Create Date: 2026-07-09 06:11:31.393744
"""

import sqlalchemy as sa
from alembic import op

revision = "24ec791d2fad"
down_revision = "46c6d45595b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("products", "title", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    op.alter_column("products", "title", existing_type=sa.Text(), nullable=False)
