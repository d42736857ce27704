"""Orders of shipments

Downgrade loses: what was written into it meanwhile

Revision ID: 967cbcc82ae3
Revises: 22d8e38470a8
Create Date: 2026-05-02 03:11:33.894847
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "967cbcc82ae3"
down_revision: str | Sequence[str] | None = "22d8e38470a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE shipments ADD CONSTRAINT fk_shipments_order "
        "FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE shipments DROP CONSTRAINT fk_shipments_order")
