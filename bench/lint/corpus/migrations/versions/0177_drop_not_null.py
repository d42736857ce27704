"""Reviewers may hide the title of a product

Revision ID: 24ec791d2fad
Revises: 77c266894caf
Create Date: 2026-07-10 07:12:32.401663
"""

import sqlalchemy as sa
from alembic import op

revision = "24ec791d2fad"
down_revision = "77c266894caf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("products", "title", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    op.alter_column("products", "title", existing_type=sa.Text(), nullable=False)
