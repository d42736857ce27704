"""Nobody searches routes

Revision ID: 29099ecc34ab
Revises: 058b91c96e9e
Create Date: 2026-02-05 02:14:32.253408
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "29099ecc34ab"
down_revision: str | Sequence[str] | None = "058b91c96e9e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_shipments_route", table_name="shipments", postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_shipments_route", "shipments", ["route"], postgresql_concurrently=True)
