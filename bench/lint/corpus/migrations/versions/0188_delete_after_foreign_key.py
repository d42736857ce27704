"""Items without an order go

Downgrade loses: what was written into it meanwhile

Revision ID: 1affbc36c807
Revises: dd1f0db3955c
Create Date: 2026-07-21 08:16:33.488772
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1affbc36c807"
down_revision: str | Sequence[str] | None = "dd1f0db3955c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE order_items ADD CONSTRAINT fk_items_order FOREIGN KEY (order_id) REFERENCES orders NOT VALID")
    op.execute("DELETE FROM order_items AS i WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.id = i.order_id)")


def downgrade() -> None:
    op.execute("ALTER TABLE order_items DROP CONSTRAINT fk_items_order")
