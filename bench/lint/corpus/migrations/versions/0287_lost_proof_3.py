"""Checks of shipments are the application's

Revision ID: a60415ee44a1
Revises: 49da6c211aad
Create Date: 2026-11-08 07:10:32.272753
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a60415ee44a1"
down_revision: str | Sequence[str] | None = "49da6c211aad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_constraint("shipments_state", "shipments", type_="check")


def downgrade() -> None:
    raise NotImplementedError
