"""Carts may be lost in a crash

Revision ID: d05fb33a64cb
Revises: 1fd18a448f8f
Create Date: 2026-09-03 06:12:31.789694
"""

from alembic import op

revision = "d05fb33a64cb"
down_revision = "1fd18a448f8f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE carts SET UNLOGGED")


def downgrade() -> None:
    op.execute("ALTER TABLE carts SET LOGGED")
