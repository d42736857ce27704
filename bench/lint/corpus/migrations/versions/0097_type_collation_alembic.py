"""Brands sort by code point

Revision ID: d6d768536d63
Revises: e8bc2b8fdbf3
Create Date: 2026-04-14 07:16:32.768143
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d6d768536d63"
down_revision: str | Sequence[str] | None = "e8bc2b8fdbf3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("products", "brand", type_=sa.Text(collation="C"), existing_type=sa.Text())


def downgrade() -> None:
    raise NotImplementedError
