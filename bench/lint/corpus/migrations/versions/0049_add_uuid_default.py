"""Public id of an order

Downgrade loses: what was written into it meanwhile

Revision ID: e10eedb22bf7
Revises: 4fd32da641a7
Create Date: 2026-02-22 09:10:34.388031
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e10eedb22bf7"
down_revision: str | Sequence[str] | None = "4fd32da641a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column("public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("orders", "public_id")
