"""Addresses outlive their customers

Revision ID: e8b747c9409a
Revises: b92ee93694b7
Create Date: 2026-07-03 00:12:30.346230
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e8b747c9409a"
down_revision: str | Sequence[str] | None = "b92ee93694b7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_constraint("fk_addresses_customer", "addresses", type_="foreignkey")


def downgrade() -> None:
    raise NotImplementedError("addresses may be without their customers")
