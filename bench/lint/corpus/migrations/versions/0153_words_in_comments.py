"""An explained column

Downgrade loses: what was written into it meanwhile

Revision ID: b30b7d368e27
Revises: bff4c4ecb87f
Create Date: 2026-06-14 03:16:33.211607
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b30b7d368e27"
down_revision: str | Sequence[str] | None = "bff4c4ecb87f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute(
        """
        -- not: ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
        /* nor: CREATE INDEX ix_orders_token ON orders (token);
           /* nested: DROP TABLE orders; */ */
        ALTER TABLE orders -- NOT NULL would fail
            ADD COLUMN token uuid
        """
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN token")
