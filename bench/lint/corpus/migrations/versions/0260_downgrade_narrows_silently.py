"""Longer reference numbers of shipments

Revision ID: 31ae6007016e
Revises: 1399b64a32d1
Create Date: 2026-10-09 00:11:30.058940
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "31ae6007016e"
down_revision: str | Sequence[str] | None = "1399b64a32d1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("shipments", "tracking", type_=sa.String(120), existing_type=sa.String(40))


def downgrade() -> None:
    op.execute("ALTER TABLE shipments ALTER tracking TYPE varchar(40) USING left(tracking, 40)")
