"""Customers and their orders

Revision ID: 8f3a07543988
Revises: 189b4a8d9ea8
Create Date: 2026-08-06 01:15:31.591719
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8f3a07543988"
down_revision: str | Sequence[str] | None = "189b4a8d9ea8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VIEW = """
CREATE OR REPLACE VIEW customer_orders AS
SELECT c.id, count(o.id) AS orders
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id
GROUP BY c.id
"""


def upgrade() -> None:
    op.execute(VIEW)


def downgrade() -> None:
    op.execute("DROP VIEW customer_orders")
