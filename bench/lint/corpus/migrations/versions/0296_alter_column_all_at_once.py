"""Weights of returns

Revision ID: 23e0bb2e5bf3
Revises: f0c6c0be94c3
Create Date: 2026-11-17 06:12:31.344024
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "23e0bb2e5bf3"
down_revision: str | Sequence[str] | None = "f0c6c0be94c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column(
        "returns",
        "weight",
        existing_type=sa.Integer(),
        type_=sa.BigInteger(),
        nullable=False,
        server_default=sa.text("0"),
        existing_nullable=True,
    )


def downgrade() -> None:
    raise NotImplementedError
