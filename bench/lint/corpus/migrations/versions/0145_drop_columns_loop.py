"""Addresses without floor and door

Revision ID: 70497d41de5f
Revises: 74c1bd1c5157
Create Date: 2026-06-06 05:15:30.148255
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "70497d41de5f"
down_revision: str | Sequence[str] | None = "74c1bd1c5157"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OLD = (("floor", sa.Integer()), ("door", sa.Text()))


def upgrade() -> None:
    for name, _ in OLD:
        op.drop_column("addresses", name)


def downgrade() -> None:
    for name, type_ in OLD:
        op.add_column("addresses", sa.Column(name, type_))
