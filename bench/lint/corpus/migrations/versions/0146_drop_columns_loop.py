"""Addresses without floor and door

Revision ID: 70497d41de5f
Revises: 47a3104968c1
Create Date: 2026-06-07 06:16:31.156174
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "70497d41de5f"
down_revision: str | Sequence[str] | None = "47a3104968c1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OLD = (("floor", sa.Integer()), ("door", sa.Text()))


def upgrade() -> None:
    for name, _ in OLD:
        op.drop_column("addresses", name)


def downgrade() -> None:
    for name, type_ in OLD:
        op.add_column("addresses", sa.Column(name, type_))
