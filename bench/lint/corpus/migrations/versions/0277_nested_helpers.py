"""Shorter texts for carriers and suppliers

Revision ID: dd1798c94dfd
Revises: 6ab621d3d50a
Create Date: 2026-10-26 07:14:32.193563
"""

import sqlalchemy as sa
from alembic import op

revision = "dd1798c94dfd"
down_revision = "6ab621d3d50a"
branch_labels = None
depends_on = None


def _change(table: str, *columns: str, length: int = 80) -> None:
    def one(column: str) -> None:
        op.alter_column(table, column, type_=sa.String(length), existing_type=sa.Text())

    for column in columns:
        one(column)


def upgrade() -> None:
    _change("carriers", "name", "hotline", length=100)


def downgrade() -> None:
    raise NotImplementedError
