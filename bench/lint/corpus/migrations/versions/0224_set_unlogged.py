"""Carts may be lost in a crash

Revision ID: d05fb33a64cb
Revises: da68bf3a5522
Create Date: 2026-09-01 04:10:34.773856
"""

from alembic import op

revision = "d05fb33a64cb"
down_revision = "da68bf3a5522"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE carts SET UNLOGGED")


def downgrade() -> None:
    op.execute("ALTER TABLE carts SET LOGGED")
